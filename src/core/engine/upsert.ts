import {failed, ok, type Failure, type Result} from '../failure.ts';
import type {CallOptions, LookUp, ResourcePort} from '../port.ts';
import type {Attributes, Remote} from '../resource.ts';

export interface Upsert {
  port: ResourcePort;
  desired: Attributes;
  /** What a create writes beside it, and no update. */
  onCreate?: Attributes | undefined;
  /** Paths known to differ from what was last applied; absent when that is not known. */
  changed?: readonly string[] | undefined;
  remoteId?: string | undefined;
  /** A create may have been carried out although its answer was lost: look before creating. */
  doubt: boolean;
  /** It is the target's own: found, or waited for, and never created. */
  isKept?: boolean | undefined;
  /** How an existing resource is found, first match first. Empty: nothing may be taken over. */
  lookUps: readonly LookUp[];
  /** Asked before a found resource is touched: is it another subject's? */
  adopt: (remote: Remote) => Promise<Result<void>>;
  options: CallOptions;
}

export interface Upserted {
  remoteId: string;
  did: 'created' | 'updated' | 'adopted';
}

const conflict = (message: string, cause: string): {ok: false; failure: Failure} =>
  failed({kind: 'conflict', message, cause});

/** It is waited for: somebody makes it at the target. */
export const notThere: Failure = {
  kind: 'unresolved',
  message: 'the group is not at the target, and the config says not to make it',
  cause: 'group not there',
};

/** Looks a resource up in each way in turn: the first that is found, or none. Failure: `conflict` when ambiguous. */
export async function findExisting(
  port: ResourcePort,
  lookUps: readonly LookUp[],
  options: CallOptions,
): Promise<Result<Remote | undefined>> {
  for (const lookUp of lookUps) {
    const found = await port.find(lookUp, options);
    if (!found.ok || found.value) return found;
  }
  return ok(undefined);
}

/**
 * Makes one resource what it should be: updates what is known, creates what is not, and converges when the target
 * disagrees (an update that finds nothing creates; a create that finds a name taken looks up, adopts and updates).
 */
export async function upsert(task: Upsert): Promise<Result<Upserted>> {
  if (task.remoteId !== undefined) {
    const updated = await update(task, task.remoteId);
    if (!updated.ok) return updated;
    if (updated.value) return ok(updated.value);
  }
  if (task.isKept || (task.remoteId === undefined && task.doubt)) {
    const found = await findExisting(task.port, task.lookUps, task.options);
    if (!found.ok) return found;
    if (found.value) return takeOver(task, found.value);
  }
  if (task.isKept) return failed(notThere);
  const created = await task.port.create({...task.desired, ...task.onCreate}, task.options);
  if (!created.ok) return created;
  if (created.value !== 'exists') return ok({remoteId: created.value.id, did: 'created'});
  const found = await findExisting(task.port, task.lookUps, task.options);
  if (!found.ok) return found;
  if (found.value) return takeOver(task, found.value);
  return conflict(
    'the target says that it exists already, and no look-up finds one to adopt',
    'exists, not found',
  );
}

/** `undefined`: the target has it no more. */
async function update(task: Upsert, id: string, current?: Remote): Promise<Result<Upserted | undefined>> {
  const known = current ? {current} : task.changed ? {changed: task.changed} : undefined;
  const request = {desired: task.desired, ...known};
  const updated = await task.port.update(id, request, task.options);
  if (!updated.ok) return updated;
  if (updated.value === 'exists')
    return conflict('a unique value is taken by another resource', 'unique value taken');
  return ok(updated.value === 'missing' ? undefined : {remoteId: id, did: 'updated'});
}

async function takeOver(task: Upsert, remote: Remote): Promise<Result<Upserted>> {
  const mine = await task.adopt(remote);
  if (!mine.ok) return mine;
  const updated = await update(task, remote.id, remote);
  if (!updated.ok) return updated;
  if (updated.value) return ok({remoteId: remote.id, did: 'adopted'});
  return conflict('it was found, and gone again when it was updated', 'vanished');
}
