import {compareAttributes, type Comparison} from '../../core/digest.ts';
import {cutOff, type Receipt} from '../../core/engine/cut-off.ts';
import {upsert, type Upserted} from '../../core/engine/upsert.ts';
import {failed, ok, type Failure, type Result} from '../../core/failure.ts';
import {createdOf, MANAGER, type Wanted} from '../../core/plan.ts';
import type {LookUp} from '../../core/port.ts';
import type {Attributes, Remote} from '../../core/resource.ts';
import type {SubjectKind} from '../../core/state.ts';
import type {DispatchContext} from './context.ts';
import {failedEnd, type End} from './end.ts';
import type {Granted} from './work.ts';

/** Ways to find an existing account (or group) of this subject, as far as the target's config lets one be taken over. */
export function lookUpsOf(
  context: DispatchContext,
  granted: Granted,
  wanted: Wanted | undefined,
  called: 'userName' | 'displayName' = 'userName',
): LookUp[] {
  const {reply, claim} = granted;
  // After a lost answer our own create is found by the externalId it was given, whatever may be adopted.
  const isKept = wanted?.isKept === true;
  if (context.adopt === 'never' && !reply.doubt && !isKept) return [];
  const {externalId, [called]: name}: Attributes = wanted ? createdOf(wanted) : {};
  const ids = new Set([typeof externalId === 'string' ? externalId : (reply.externalId ?? claim.subject)]);
  const names = new Set<string>();
  if (reply.doubt && reply.externalId !== undefined) ids.add(reply.externalId);
  // A service that does not keep the externalId has our own create under its name alone.
  if ((context.adopt === 'userName' || reply.doubt || isKept) && typeof name === 'string') names.add(name);
  if (reply.doubt && reply.userName !== undefined) names.add(reply.userName);
  const by = (which: LookUp['by'], values: Set<string>) => [...values].map((value) => ({by: which, value}));
  return [...by('externalId', ids), ...by(called, names)];
}

/** Found by its name alone, and with an externalId that is not this subject's. */
export function isAnothers(lookUps: readonly LookUp[], {attributes: {externalId}}: Remote): boolean {
  if (typeof externalId !== 'string' || externalId === '') return false;
  return !lookUps.some(({by, value}) => by === 'externalId' && value === externalId);
}

/** Found by the name of a create in doubt alone, with an externalId that the create did not write: not our own. */
export function isForeign(
  context: DispatchContext,
  {reply}: Granted,
  lookUps: readonly LookUp[],
  remote: Remote,
): boolean {
  return context.adopt !== 'userName' && reply.doubt && isAnothers(lookUps, remote);
}

const lostLease: Failure = {
  kind: 'transient',
  message: 'the lease ran out while the target was asked',
  cause: 'lease lost',
};

const busyOwner: Failure = {
  kind: 'transient',
  message: 'the account that was found was a leaver’s, and something is being done to it for that leaver',
  cause: 'former owner busy',
};

export const foreign: Failure = {
  kind: 'conflict',
  message: 'what has that name here has another externalId, and only its own is to be touched',
  cause: 'another externalId',
};

/** Asks state whether a found resource may be taken over by this subject. */
export async function adopt(
  context: DispatchContext,
  granted: Granted,
  kind: SubjectKind,
  remote: Remote,
  isLeave: boolean,
): Promise<Result<void> | 'held'> {
  const {claim, token} = granted;
  const approved = claim.approved === true;
  const answer = await context.state.adopt({
    subject: claim.subject,
    token,
    kind,
    remoteId: remote.id,
    position: claim.position,
    isLeave,
    approved,
    ...(claim.keepsMemberships && {keepsMemberships: true}),
  });
  switch (answer.answer) {
    case 'ok':
      return ok(undefined);
    case 'held':
      return 'held';
    case 'lost':
      return failed(lostLease);
    case 'busy':
      return failed(busyOwner);
    case 'conflict': {
      const message = `the account that was found belongs to subject ${answer.holder}`;
      return failed({kind: 'conflict', message, cause: 'owned by another subject'});
    }
    default:
      return answer satisfies never;
  }
}

/** The manager as the target knows them, or not named at all while they are not there. */
export function resolveManager(attributes: Attributes, managerRemoteId: string | undefined): Attributes {
  const manager = attributes[MANAGER];
  if (manager === undefined || manager === null) return attributes;
  if (managerRemoteId !== undefined) return {...attributes, [MANAGER]: {value: managerRemoteId}};
  return Object.fromEntries(Object.entries(attributes).filter(([path]) => path !== MANAGER));
}

/** What is wanted beside what was applied last. */
export function compared({policy}: DispatchContext, {reply}: Granted, wanted: Wanted): Comparison {
  return compareAttributes(wanted.attributes, policy.mappingVersion, reply.vector, wanted.fingerprint);
}

/** A cut-off that was begun is finished, whatever newer events say. */
async function finishCutOff(
  context: DispatchContext,
  {reply}: Granted,
): Promise<{receipt?: Receipt; failure?: Failure}> {
  if (reply.cutOffBegunAt === undefined || reply.remoteId === undefined) return {};
  return cutOff(
    context.port.cutOffSteps(context.cutOffMode),
    reply.remoteId,
    {signal: context.signal, urgent: true},
    context.now,
  );
}

/** An open cut-off comes first, then the account is made what the snapshot says. */
export async function runUser(context: DispatchContext, granted: Granted, wanted: Wanted): Promise<End> {
  const {reply, claim} = granted;
  const {receipt, failure} = await finishCutOff(context, granted);
  if (failure) return failedEnd(failure, receipt);
  const desired = resolveManager(wanted.attributes, reply.managerRemoteId);
  const {digest, changed: known} = compared(context, granted, wanted);
  const changed = receipt || claim.force ? undefined : known?.filter((path) => path in desired);
  const settle = {
    kind: 'user' as const,
    vector: digest,
    active: true,
    // Finished just now, or there is no account left to cut off.
    closesCutOff: reply.cutOffBegunAt !== undefined,
    // Who left is in no group any more, although back since.
    endsMemberships: reply.cutOffBegunAt !== undefined,
  };
  if (reply.remoteId !== undefined && reply.active && changed?.length === 0) {
    return {
      end: 'done',
      settle: {...settle, remoteId: reply.remoteId},
      unchanged: true,
      reason: known?.includes(MANAGER) ? 'its manager is awaited' : 'nothing that is said differs',
    };
  }
  const found: Found = {};
  const made = await upsertUser(context, granted, wanted, {desired, changed, found});
  if (found.protectedBy !== undefined) return {end: 'protected', rule: found.protectedBy};
  if (!made.ok) return failedEnd(made.failure);
  const {remoteId, did} = made.value;
  const written = did === 'created' ? given({...desired, ...wanted.onCreate}) : desired;
  const told = did === 'updated' && changed ? picked(desired, changed) : written;
  return {end: 'done', settle: {...settle, remoteId}, did, written: told, ...(receipt ? {receipt} : {})};
}

/** What a new account gets: what has no value is not sent, and there is nothing of it to be cleared. */
const given = (attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null));

/** Some of the attributes; one that is not among them is cleared. */
export const picked = (attributes: Attributes, names: readonly string[]): Attributes =>
  Object.fromEntries(names.map((name) => [name, attributes[name] ?? null]));

/** What a look-up for somebody has shown. */
interface Found {
  /** The rule of the config that protects the account: it is not taken over. */
  protectedBy?: string | undefined;
}

function upsertUser(
  context: DispatchContext,
  granted: Granted,
  wanted: Wanted,
  {desired, changed, found}: {desired: Attributes; changed: readonly string[] | undefined; found: Found},
): Promise<Result<Upserted>> {
  const {remoteId, doubt} = granted.reply;
  const lookUps = (): LookUp[] => lookUpsOf(context, granted, wanted);
  return upsert({
    // Most updates look for nobody.
    get lookUps() {
      return lookUps();
    },
    port: context.port.users,
    desired,
    onCreate: wanted.onCreate,
    changed,
    remoteId,
    doubt,
    adopt: async (remote) => {
      found.protectedBy = context.protection.ofAccount(remote);
      if (found.protectedBy !== undefined) return failed(foreign);
      if (isForeign(context, granted, lookUps(), remote)) return failed(foreign);
      const answer = await adopt(context, granted, 'user', remote, false);
      return answer === 'held' ? failed(lostLease) : answer;
    },
    options: {signal: context.signal},
  });
}

/** Fills in a manager who was not at the target when the person came. */
export async function runReference(context: DispatchContext, {reply}: Granted): Promise<End> {
  const {remoteId, managerRemoteId} = reply;
  const settle = {kind: 'user' as const, keeps: true, fillsManager: true};
  if (remoteId === undefined || managerRemoteId === undefined) return {end: 'done', settle, unchanged: true};
  const desired = {[MANAGER]: {value: managerRemoteId}};
  const update = {desired, changed: [MANAGER]};
  const updated = await context.port.users.update(remoteId, update, {signal: context.signal});
  if (!updated.ok) return failedEnd(updated.failure);
  return {end: 'done', settle, did: 'manager filled in', written: desired};
}
