import {carryOut, refuse, type Answer} from './scim.ts';
import type {Resource, Store} from './store.ts';

const valuesOf = (group: Resource | undefined): string[] =>
  ((group?.['members'] ?? []) as {value: string}[]).map(({value}) => value);

/** Whoever is deleted is in no group. */
export function leaveGroups(groups: Store, id: string | undefined): void {
  for (const group of groups.all.values()) {
    const members = valuesOf(group);
    if (id === undefined || !members.includes(id)) continue;
    const left = members.filter((value) => value !== id).map((value) => ({value}));
    groups.put(group.id, {...group, members: left});
  }
}

/**
 * One request on the groups, as services carry it out that know who their members are: all of it or nothing, nobody in who is not
 * there, nobody out who is not in (`noTarget`), and a PATCH answered with 204.
 */
export function carryOutOnGroup(
  {users, groups}: {users: Store; groups: Store},
  ...[method, id, query, text]: [method: string, id: string | undefined, query: string, text: string]
): Answer {
  const before = id === undefined ? undefined : groups.all.get(id);
  if (method === 'PATCH' && before && removesNobody(before, text))
    return refuse(400, 'who is to be removed is not in the group', 'noTarget');
  const answer = carryOut(groups, method, id, query, text);
  if (!['POST', 'PUT', 'PATCH'].includes(method) || answer.status >= 300) return answer;
  const written = answer.body as Resource;
  if (!valuesOf(written).every((value) => users.all.has(value))) {
    if (before) groups.put(before.id, before);
    else groups.remove(written.id);
    return refuse(400, 'no such member', 'invalidValue');
  }
  return method === 'PATCH' ? {status: 204, written} : answer;
}

const removedMember = /^members\[value eq "([^"]*)"\]$/;

function removesNobody(group: Resource, text: string): boolean {
  const members = new Set(valuesOf(group));
  const {Operations: operations = []} = JSON.parse(text) as {Operations?: {op: string; path?: string}[]};
  return operations.some(({op, path = ''}) => {
    const value = removedMember.exec(path)?.[1];
    return op === 'remove' && value !== undefined && !members.has(value);
  });
}
