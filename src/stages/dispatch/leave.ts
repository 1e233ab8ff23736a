import {cutOff, readBack, type Receipt} from '../../core/engine/cut-off.ts';
import {findExisting} from '../../core/engine/upsert.ts';
import {failed, ok, type Failure, type Result} from '../../core/failure.ts';
import type {Wanted} from '../../core/plan.ts';
import type {LookUp} from '../../core/port.ts';
import type {Remote} from '../../core/resource.ts';
import type {Settle} from '../../core/state.ts';
import type {DispatchContext} from './context.ts';
import {failedEnd, type Done, type End} from './end.ts';
import {adopt, compared, foreign, isAnothers, lookUpsOf, resolveManager} from './users.ts';
import type {Granted} from './work.ts';

/** Whom a leave is about here: known, found now, or nobody (no id). */
interface Leaver {
  id?: string;
  /** It was found with its access ended already: the proof. */
  ended?: Receipt | undefined;
  /** The rule of the config that protects the account which was found. */
  protectedBy?: string | undefined;
  /** That nobody was found says nothing: who is here was not looked for by what they are found by. */
  isUnseen?: boolean;
}

async function leaverOf(
  context: DispatchContext,
  granted: Granted,
  wanted: Wanted | undefined,
): Promise<Result<Leaver> | 'held'> {
  if (granted.reply.remoteId !== undefined) return ok({id: granted.reply.remoteId});
  const options = {signal: context.signal, urgent: true};
  const lookUps = lookUpsOf(context, granted, wanted);
  const found = await findExisting(context.port.users, lookUps, options);
  if (!found.ok) return found;
  if (!found.value)
    return isBlind(context, granted, lookUps)
      ? failed(notFound)
      : ok({isUnseen: isUnseen(context, granted, lookUps)});
  // Whoever has the leaver's name now may be hired again under a new id: a person must look, where names may be taken over.
  if (isAnothers(lookUps, found.value)) return context.adopt === 'userName' ? failed(foreignLeaver) : ok({});
  const protectedBy = context.protection.ofAccount(found.value);
  if (protectedBy !== undefined) return ok({protectedBy});
  // A former leaver is not one more: it must not use up what the guard lets pass.
  const ended = await endedAlready(context, granted, found.value);
  const mine = await adopt(context, granted, 'user', found.value, ended === undefined);
  if (mine === 'held' || !mine.ok) return mine;
  return ok({id: found.value.id, ended});
}

const foreignLeaver: Failure = {
  ...foreign,
  message:
    'what has the leaver’s name here has another externalId: if it is theirs, avro-scim cut-off ID ends it, with that externalId as ID',
};

const notFound: Failure = {
  kind: 'conflict',
  message: 'an account may have been created here, and nothing that this target keeps is known to find it by',
  cause: 'in doubt, not to be found',
};

/** Nobody was found, and that says nothing: an account may be there, and all looked for is what is not written here. */
function isBlind({policy}: DispatchContext, {reply}: Granted, lookUps: readonly LookUp[]): boolean {
  const rule = policy.rules['externalId'];
  const isOmitted = rule !== undefined && 'omit' in rule;
  return reply.doubt && isOmitted && !lookUps.some(({by}) => by === 'userName');
}

/** A cut-off by hand knows a subject's id alone; an event would have said what they are called. */
function isUnseen(
  {policy, adopt}: DispatchContext,
  {claim, reply}: Granted,
  lookUps: readonly LookUp[],
): boolean {
  if (!claim.byHand) return false;
  const byName = adopt === 'userName' && !lookUps.some(({by}) => by === 'userName');
  const byAnotherId = 'externalId' in policy.rules && reply.externalId === undefined;
  return lookUps.length === 0 || byName || byAnotherId;
}

async function endedAlready(
  context: DispatchContext,
  {reply}: Granted,
  {id, attributes}: Remote,
): Promise<Receipt | undefined> {
  const {port, cutOffMode, signal, now} = context;
  if (cutOffMode !== 'deactivate' || attributes['active'] !== false) return undefined;
  if (reply.cutOffBegunAt !== undefined) return undefined;
  return readBack(port.cutOffSteps(cutOffMode), id, {signal, urgent: true}, now);
}

const gone = {
  kind: 'user' as const,
  absent: true,
  active: false,
  closesCutOff: true,
  endsMemberships: true,
  unwanted: true,
};

/** Out of scope: nobody has said that the person left. */
const outside = {...gone, endsMemberships: false, suspends: true};
/** Nor when they are cut off by hand; and what an event says of them stays. */
const suspended = {...outside, unwanted: false};

const noneOf = ({claim}: Granted): typeof gone => {
  if (claim.byHand) return suspended;
  return claim.keepsMemberships ? outside : gone;
};

const nobodyHere = (settle: Done['settle'], isUnseen = false): Done => {
  const end = {end: 'done', unchanged: true} as const;
  return isUnseen
    ? {...end, settle: {...settle, absent: false}, isUnseen, reason: 'none is known; not looked for by name'}
    : {...end, settle, reason: 'it has no account here'};
};

/** When the account of who has left is deleted, where the target gives it a time; one that has a time keeps it. */
const deletionOf = ({deleteAfterMs, now}: DispatchContext, {claim}: Granted): Pick<Settle, 'deleteAt'> =>
  deleteAfterMs === undefined || claim.byHand ? {} : {deleteAt: now() + deleteAfterMs};

/** Ends a person's access here, and proves it by reading back. */
export async function runLeave(
  context: DispatchContext,
  granted: Granted,
  wanted: Wanted | undefined,
): Promise<End> {
  const {reply} = granted;
  if (reply.same && reply.remoteId !== undefined && wanted)
    return tellLeaver(context, granted, wanted, reply.remoteId);
  const leaver = await leaverOf(context, granted, wanted);
  if (leaver === 'held') return {end: 'held'};
  if (!leaver.ok) return failedEnd(leaver.failure);
  const {id, ended, protectedBy, isUnseen} = leaver.value;
  if (protectedBy !== undefined) return {end: 'protected', rule: protectedBy};
  const none = noneOf(granted);
  if (id === undefined) return nobodyHere(none, isUnseen);
  const settle = {...none, absent: false, remoteId: id, ...deletionOf(context, granted)};
  if (ended)
    return {end: 'done', settle, unchanged: true, reason: 'its access has ended already', receipt: ended};
  const {receipt, failure} = await cutOff(
    context.port.cutOffSteps(context.cutOffMode),
    id,
    {signal: context.signal, urgent: true},
    context.now,
  );
  if (failure) return {end: 'failed', failure, receipt};
  if (context.cutOffMode === 'delete' || receipt.missing)
    return {end: 'done', settle: none, did: 'cut off', receipt};
  const told = wanted && (await tellRest(context, granted, wanted, id));
  return {end: 'done', settle: {...settle, vector: told?.vector}, did: 'cut off', receipt};
}

/** The other attributes of a leaver. Refused, they keep nobody in: the next snapshot sends all of them again. */
async function tellRest(
  context: DispatchContext,
  granted: Granted,
  wanted: Wanted,
  id: string,
): Promise<{vector: Buffer | undefined; isTold: boolean}> {
  const desired = resolveManager(wanted.attributes, undefined);
  const {digest, changed: known} = compared(context, granted, wanted);
  const changed = known?.filter((path) => path in desired && path !== 'active');
  if (!known || !changed) return {vector: undefined, isTold: false};
  if (changed.length > 0) {
    const updated = await context.port.users.update(id, {desired, changed}, {signal: context.signal});
    if (!updated.ok || updated.value !== 'updated') {
      context.log.warn(
        {target: context.target, subject: granted.claim.subject},
        'access ended, other attributes not updated',
      );
      return {vector: undefined, isTold: false};
    }
  }
  return {vector: digest, isTold: changed.length > 0};
}

/** An account that was cut off before is told its news; it stays inactive. */
async function tellLeaver(
  context: DispatchContext,
  granted: Granted,
  wanted: Wanted,
  id: string,
): Promise<End> {
  const {vector, isTold} = await tellRest(context, granted, wanted, id);
  const settle = {kind: 'user' as const, remoteId: id, vector, active: false, unwanted: true};
  const end = {end: 'done' as const, settle: {...settle, ...deletionOf(context, granted)}};
  return isTold
    ? {...end, did: 'updated'}
    : {...end, unchanged: true, reason: 'its access has ended already'};
}

/** Deletes the account of one who was cut off and did not come back. */
export async function runDelete({port, signal, now}: DispatchContext, {reply}: Granted): Promise<End> {
  // Their memberships have ended with the leave, or wait.
  const settle = {...gone, endsMemberships: false};
  if (reply.remoteId === undefined) return {end: 'done', settle, unchanged: true};
  const {receipt, failure} = await cutOff(port.cutOffSteps('delete'), reply.remoteId, {signal}, now);
  if (failure) return {end: 'failed', failure, receipt};
  return {end: 'done', settle, did: 'deleted', receipt};
}
