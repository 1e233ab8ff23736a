import {cutOff} from '../../core/engine/cut-off.ts';
import {findExisting} from '../../core/engine/upsert.ts';
import {ok, type Result} from '../../core/failure.ts';
import type {Wanted} from '../../core/plan.ts';
import type {DispatchContext} from './context.ts';
import {failedEnd, type End} from './end.ts';
import {adopt, compared, lookUpsOf, resolveManager} from './users.ts';
import type {Granted} from './work.ts';

/** Whom a leave is about here: known, found now, or nobody. */
async function leaverId(
  context: DispatchContext,
  granted: Granted,
  wanted: Wanted | undefined,
): Promise<Result<string | undefined> | 'held'> {
  if (granted.reply.remoteId !== undefined) return ok(granted.reply.remoteId);
  const options = {signal: context.signal, urgent: true};
  const found = await findExisting(context.port.users, lookUpsOf(context, granted, wanted), options);
  if (!found.ok) return found;
  if (!found.value) return ok(undefined);
  const mine = await adopt(context, granted, 'user', found.value, true);
  if (mine === 'held' || !mine.ok) return mine;
  return ok(found.value.id);
}

/** Ends a person's access here, and proves it by reading back. */
export async function runLeave(
  context: DispatchContext,
  granted: Granted,
  wanted: Wanted | undefined,
): Promise<End> {
  const {reply} = granted;
  if (reply.same && reply.remoteId !== undefined && wanted)
    return tellLeaver(context, granted, wanted, reply.remoteId);
  const id = await leaverId(context, granted, wanted);
  if (id === 'held') return {end: 'held'};
  if (!id.ok) return failedEnd(id.failure);
  const gone = {
    kind: 'user' as const,
    absent: true,
    active: false,
    closesCutOff: true,
    endsMemberships: true,
    unwanted: true,
  };
  if (id.value === undefined)
    return {end: 'done', settle: gone, unchanged: true, reason: 'it has no account here'};
  const {receipt, failure} = await cutOff(
    context.port.cutOffSteps(context.cutOffMode),
    id.value,
    {signal: context.signal, urgent: true},
    context.now,
  );
  if (failure) return {end: 'failed', failure, receipt};
  if (context.cutOffMode === 'delete' || receipt.missing)
    return {end: 'done', settle: gone, did: 'cut off', receipt};
  const vector = wanted && (await tellRest(context, granted, wanted, id.value));
  const settle = {...gone, absent: false, remoteId: id.value, vector};
  return {end: 'done', settle, did: 'cut off', receipt};
}

/** The other attributes of a leaver. Refused, they keep nobody in: the next snapshot sends all of them again. */
async function tellRest(
  context: DispatchContext,
  granted: Granted,
  wanted: Wanted,
  id: string,
): Promise<Buffer | undefined> {
  const desired = resolveManager(wanted.attributes, undefined);
  const {digest, changed: known} = compared(context, granted, wanted);
  const changed = known?.filter((path) => path in desired && path !== 'active');
  if (changed?.length !== 0 && known) {
    const updated = await context.port.users.update(
      id,
      {desired, changed: changed ?? []},
      {signal: context.signal},
    );
    if (!updated.ok || updated.value !== 'updated') {
      context.log.warn(
        {target: context.target, subject: granted.claim.subject},
        'access ended, other attributes not updated',
      );
      return undefined;
    }
  }
  return known ? digest : undefined;
}

/** An account that was cut off before is told its news; it stays inactive. */
async function tellLeaver(
  context: DispatchContext,
  granted: Granted,
  wanted: Wanted,
  id: string,
): Promise<End> {
  const vector = await tellRest(context, granted, wanted, id);
  const settle = {kind: 'user' as const, remoteId: id, vector, active: false, unwanted: true};
  return {end: 'done', settle, did: 'updated'};
}
