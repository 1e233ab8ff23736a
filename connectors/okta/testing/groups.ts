import {isObject, textOf, type JsonObject} from '../../../src/core/json.ts';
import {invalid, taken, type Reply} from './refusals.ts';
import {groupRow, newId, wrote, type Store, type StoredGroup} from './store.ts';

export interface GroupRules {
  store: Store;
  /** Attributes that the org added to the group profile. */
  customGroupAttributes: string[];
}

function refuseProfile(
  {store, customGroupAttributes}: GroupRules,
  profile: JsonObject,
  id?: string,
): Reply | undefined {
  const name = textOf(profile['name']);
  if (!name) return invalid('name', 'name: The field cannot be left blank');
  const unknown = Object.keys(profile).find(
    (one) => !['name', 'description', ...customGroupAttributes].includes(one),
  );
  if (unknown) return invalid('profile', `Property name and value restrictions: ${unknown} is not defined`);
  const isTaken = [...store.groups.values()].some(
    (group) => group.id !== id && group.type === 'OKTA_GROUP' && group.profile['name'] === name,
  );
  return isTaken ? taken('name') : undefined;
}

export function createGroup(rules: GroupRules, body: JsonObject): Reply {
  const profile = isObject(body['profile']) ? body['profile'] : {};
  const refused = refuseProfile(rules, profile);
  if (refused) return refused;
  const lastUpdated = new Date(rules.store.now()).toISOString();
  const group: StoredGroup = {id: newId('00g'), type: 'OKTA_GROUP', profile, lastUpdated, members: new Set()};
  rules.store.groups.set(group.id, group);
  wrote(rules.store, 'group', group.id);
  return {status: 200, body: groupRow(group)};
}

/** Replaces the whole profile. */
export function replaceGroup(rules: GroupRules, group: StoredGroup, body: JsonObject): Reply {
  if (group.type !== 'OKTA_GROUP') return invalid('type', 'Only groups of type OKTA_GROUP can be updated');
  const profile = isObject(body['profile']) ? body['profile'] : {};
  const refused = refuseProfile(rules, profile, group.id);
  if (refused) return refused;
  group.profile = Object.fromEntries(Object.entries(profile).filter(([, value]) => value !== null));
  wrote(rules.store, 'group', group.id);
  return {status: 200, body: groupRow(group)};
}

export function deleteGroup({store}: GroupRules, group: StoredGroup): Reply {
  store.groups.delete(group.id);
  wrote(store, 'group', group.id);
  return {status: 204};
}
