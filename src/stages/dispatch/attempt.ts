import type {Failure} from '../../core/failure.ts';
import type {DispatchContext} from './context.ts';
import {failedEnd, type End} from './end.ts';
import {runGroup, runSync, runUngroup} from './groups.ts';
import {runDelete, runLeave} from './leave.ts';
import {protectorOf} from './protected.ts';
import {runReference, runUser} from './users.ts';
import type {Granted} from './work.ts';

/** One attempt at what a claim granted. Never rejects: an exception is a failure of kind `bug`. */
export async function attempt(context: DispatchContext, granted: Granted): Promise<End> {
  try {
    if (context.protection.readsAccounts) {
      const protector = await protectorOf(context, granted);
      if (!protector.ok) return failedEnd(protector.failure);
      if (protector.value !== undefined) return {end: 'protected', rule: protector.value};
    }
    return await run(context, granted);
  } catch (error) {
    const {target} = context;
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    context.log.error(
      {target, subject: granted.claim.subject, reason},
      'unexpected exception while a change was made',
    );
    const message = error instanceof Error ? error.message : String(error);
    return failedEnd({kind: 'bug', message, cause: 'exception', maybeDone: true} satisfies Failure);
  }
}

function run(context: DispatchContext, granted: Granted): Promise<End> {
  const {claim, task, reply} = granted;
  const wanted = task?.plan.do === 'claim' ? task.plan.wanted : undefined;
  switch (claim.op) {
    case 'sync':
    case 'delta':
      return runSync(context, granted);
    case 'reference':
      return runReference(context, granted);
    case 'ungroup':
      return runUngroup(context, granted);
    case 'delete':
      return runDelete(context, granted);
    case 'leave':
      return runLeave(context, granted, wanted);
    case 'gone':
      return reply.kind === 'group' ? runUngroup(context, granted) : runLeave(context, granted, wanted);
    case 'user':
    case 'group':
      if (!wanted) throw new Error('a snapshot was planned without what it wants');
      return claim.op === 'user' ? runUser(context, granted, wanted) : runGroup(context, granted, wanted);
    default:
      return claim.op satisfies never;
  }
}
