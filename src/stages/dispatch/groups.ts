import {changeMembers} from '../../core/engine/members.ts';
import {findExisting, notThere, upsert, type Upserted} from '../../core/engine/upsert.ts';
import {failed, ok, type Failure, type Result} from '../../core/failure.ts';
import type {Wanted} from '../../core/plan.ts';
import type {Attributes} from '../../core/resource.ts';
import type {DispatchContext} from './context.ts';
import {failedEnd, type Done, type End} from './end.ts';
import {adopt, compared, foreign, isAnothers, isForeign, lookUpsOf, picked} from './users.ts';
import type {Granted} from './work.ts';

/** Nothing was sent: who is out is protected. */
const keptAlone = ({members, membersFailure}: Partial<Done>): Partial<Done> =>
  members?.kept && members.added.length + members.removed.length === 0 && !membersFailure
    ? {unchanged: true, reason: 'who is out is protected'}
    : {};

const groupGone: Failure = {
  kind: 'transient',
  message: 'the group was gone again when its members were to be told',
  cause: 'group vanished',
};

/** Tells the target who came and went in a group that is there. */
async function members(
  context: DispatchContext,
  granted: Granted,
  id: string,
): Promise<Partial<Done> | {gone: true}> {
  const {add, remove, kept} = granted.reply;
  const left = kept.length > 0 ? {kept} : {};
  if (add.length + remove.length === 0)
    return kept.length === 0 ? {} : {members: {added: [], removed: [], kept}};
  const result = await changeMembers(context.port.groups, id, {add, remove}, {signal: context.signal});
  if (result.missing) return {gone: true};
  const done = new Set(result.done);
  const named = (list: typeof add): string[] =>
    list.map(({subject}) => subject).filter((subject) => done.has(subject));
  return {
    members: {added: named(add), removed: named(remove), ...left},
    ...(result.refused.length > 0 ? {refused: result.refused} : {}),
    ...(result.failure ? {membersFailure: result.failure} : {}),
  };
}

const keptElsewhere: Failure = {
  kind: 'conflict',
  message:
    'the subject was another group at this target before the config named one: the members of that one stay',
  cause: 'another group before',
};

/** A group that the config names by its id at the target. */
async function takeNamed(context: DispatchContext, granted: Granted, id: string): Promise<Result<Upserted>> {
  const {remoteId} = granted.reply;
  if (remoteId === id) return ok({remoteId, did: 'updated'});
  if (remoteId !== undefined) return failed(keptElsewhere);
  const found = await context.port.groups.get(id, {signal: context.signal});
  if (!found.ok) return found;
  if (!found.value) return failed(notThere);
  const mine = await adopt(context, granted, 'group', found.value, false);
  if (mine === 'held') return failed(groupGone);
  return mine.ok ? ok({remoteId: id, did: 'adopted'}) : mine;
}

function upsertGroup(
  context: DispatchContext,
  granted: Granted,
  wanted: Wanted,
  changed: readonly string[] | undefined,
): Promise<Result<Upserted>> {
  const {reply, claim} = granted;
  const lookUps = lookUpsOf(context, granted, wanted, 'displayName');
  return upsert({
    port: context.port.groups,
    desired: wanted.attributes,
    changed: claim.force ? undefined : changed,
    remoteId: reply.remoteId,
    // Names of groups need not be unique (RFC 7643 section 4.2): one that is here already would be made twice.
    doubt: reply.doubt || reply.remoteId === undefined,
    isKept: wanted.isKept,
    lookUps,
    adopt: async (remote) => {
      if (!wanted.isKept && isForeign(context, granted, lookUps, remote)) return failed(foreign);
      const answer = await adopt(context, granted, 'group', remote, false);
      return answer === 'held' ? failed(groupGone) : answer;
    },
    options: {signal: context.signal},
  });
}

/** Makes a group what its snapshot says, and then its members. */
export async function runGroup(context: DispatchContext, granted: Granted, wanted: Wanted): Promise<End> {
  const {reply} = granted;
  const {digest, changed} = compared(context, granted, wanted);
  let remoteId = reply.remoteId;
  let did = 'members changed';
  let written: Attributes | undefined;
  if (wanted.isEmptied && remoteId === undefined) return notHere;
  if (!wanted.isEmptied && (!reply.same || remoteId === undefined)) {
    const made = await (wanted.at === undefined
      ? upsertGroup(context, granted, wanted, changed)
      : takeNamed(context, granted, wanted.at));
    if (!made.ok) return failedEnd(made.failure);
    ({remoteId, did} = made.value);
    const isPart = did === 'updated' && changed && !granted.claim.force;
    written = isPart ? picked(wanted.attributes, changed) : wanted.attributes;
  }
  if (remoteId === undefined) return failedEnd(groupGone);
  const told = await members(context, granted, remoteId);
  if ('gone' in told) return failedEnd(groupGone);
  const unwanted = wanted.isEmptied === true;
  const settle = {kind: 'group' as const, remoteId, vector: digest, active: !unwanted, unwanted};
  const same = reply.same ? keptAlone(told) : {};
  return {end: 'done', settle, did, ...(written ? {written} : {}), ...told, ...same};
}

const notHere: End = {
  end: 'done',
  settle: {kind: 'group', absent: true, active: false, unwanted: true},
  unchanged: true,
  reason: 'it is not here',
};

/** What of a group's members is not so at the target yet. */
export async function runSync(context: DispatchContext, granted: Granted): Promise<End> {
  const {remoteId} = granted.reply;
  const told = remoteId === undefined ? {gone: true as const} : await members(context, granted, remoteId);
  if ('gone' in told) return forgetGroup(context, granted);
  if (told.membersFailure && told.members?.added.length === 0 && told.members.removed.length === 0) {
    return failedEnd(told.membersFailure);
  }
  const settle = {kind: 'group' as const, keeps: true};
  return {end: 'done', settle, did: 'members changed', ...told, ...keptAlone(told)};
}

/** Somebody deleted it at the target. Its next snapshot makes it again, with all its members. */
function forgetGroup(context: DispatchContext, {claim}: Granted): End {
  context.log.warn(
    {target: context.target, subject: claim.subject},
    'group is gone at the target: its next snapshot makes it again',
  );
  const settle = {kind: 'group' as const, absent: true, active: false};
  return {end: 'done', settle, unchanged: true, reason: 'the target has the group no more'};
}

/** The id of a group that is to go and was not known before, taken over; none when there is none of its own. */
async function findOwn(
  context: DispatchContext,
  granted: Granted,
): Promise<Result<string | undefined> | 'held'> {
  const lookUps = lookUpsOf(context, granted, undefined, 'displayName');
  const found = await findExisting(context.port.groups, lookUps, {signal: context.signal});
  if (!found.ok) return found;
  if (!found.value || isAnothers(lookUps, found.value)) return ok(undefined);
  const mine = await adopt(context, granted, 'group', found.value, false);
  return mine === 'held' || !mine.ok ? mine : ok(found.value.id);
}

/** A group that is wanted no more. It touches only what it made or adopted. */
export async function runUngroup(context: DispatchContext, granted: Granted): Promise<End> {
  const {reply} = granted;
  const settle = {kind: 'group' as const, absent: true, active: false, unwanted: true};
  const options = {signal: context.signal};
  let id = reply.remoteId;
  if (id === undefined) {
    const found = await findOwn(context, granted);
    if (found === 'held') return {end: 'held'};
    if (!found.ok) return failedEnd(found.failure);
    id = found.value;
  }
  if (id === undefined) return notHere;
  if (!context.policy.groupRules.create)
    return {end: 'done', settle, unchanged: true, reason: 'no group is deleted here: the config says so'};
  const removed = await context.port.groups.remove(id, options);
  if (!removed.ok) return failedEnd(removed.failure);
  return {end: 'done', settle, did: 'deleted'};
}
