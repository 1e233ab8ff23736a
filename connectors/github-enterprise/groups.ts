import {failed, ok, type Result} from '../../src/core/failure.ts';
import type {CallOptions, GroupPort} from '../../src/core/port.ts';
import {CORE_GROUP, type Attributes, type Remote} from '../../src/core/resource.ts';
import {create, read, reads, write} from '../github/scim.ts';
import {isCleared} from '../github/scim-mapping.ts';
import type {Enterprise} from './enterprise.ts';
import {patchBody, type Operation} from './mapping.ts';
import {changeMembers, membersOf} from './members.ts';
import {linkTeams} from './team-links.ts';

type Update = Parameters<GroupPort['update']>[1];

/** The SCIM groups of one enterprise, and the teams that they fill. */
export function createGroups(enterprise: Enterprise): GroupPort {
  const {scim} = enterprise;
  return {
    ...reads(scim, 'group'),
    // GitHub takes 1,000 members of a group an hour; a tenth of that leaves room for others.
    membersPerRequest: 100,
    create: (attributes, options) => createGroup(enterprise, attributes, options),
    update: (id, update, options) => updateGroup(enterprise, id, update, options),
    changeMembers: (groupId, change, options) => changeMembers(enterprise, groupId, change, options),
    hasMember: async (groupId, userId, options) => {
      const group = await read(scim, 'group', groupId, options, true);
      if (!group.ok) return group;
      return ok(membersOf(group.value).some(({value}) => value === userId));
    },
  };
}

async function createGroup(
  enterprise: Enterprise,
  {displayName = null, externalId}: Attributes,
  options: CallOptions,
): Promise<Result<Remote | 'exists'>> {
  const body = {schemas: [CORE_GROUP], externalId: externalId ?? displayName, displayName};
  const created = await create(enterprise.scim, 'group', body, options);
  if (!created.ok || created.value === 'exists') return created;
  const linked = await linkTeams(enterprise, displayName, options);
  // The group is there, under an id that is told to nobody.
  return linked.ok ? created : failed({...linked.failure, maybeDone: true});
}

async function updateGroup(
  enterprise: Enterprise,
  id: string,
  {desired, changed, current}: Update,
  options: CallOptions,
): Promise<Result<'updated' | 'missing' | 'exists'>> {
  const operations = ['displayName', 'externalId'].flatMap((path): Operation[] => {
    const value = desired[path];
    const isAsked = current ? current.attributes[path] !== value : (changed?.includes(path) ?? true);
    return value === undefined || isCleared(value) || !isAsked ? [] : [{op: 'replace', path, value}];
  });
  if (operations.length > 0) {
    const request = {method: 'PATCH', body: patchBody(operations)} as const;
    const written = await write(enterprise.scim, 'group', id, request, options);
    if (!written.ok || written.value !== 'updated') return written;
  }
  const linked = await linkTeams(enterprise, desired['displayName'] ?? null, options);
  if (linked.ok) return ok('updated');
  return failed({...linked.failure, ...(operations.length > 0 ? {maybeDone: true} : {})});
}
