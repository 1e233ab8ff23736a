import type {ClaimReply} from '../../core/state.ts';
import type {DispatchContext} from './context.ts';
import type {Verdict} from './end.ts';
import type {Queues} from './queues.ts';
import {endTrace} from './traced.ts';
import type {Work} from './work.ts';

interface Finished {
  work: Work;
  verdict: Verdict;
  replies: readonly ClaimReply[];
  isStopping: boolean;
}

/** A work's end: it goes back to where it came from, or leaves the window, is counted, and its records are settled. */
export function finish(
  {window, settled, count}: Pick<DispatchContext, 'window' | 'settled' | 'count'>,
  queues: Pick<Queues, 'leave' | 'putBack'>,
  {work, verdict, replies, isStopping}: Finished,
): void {
  endTrace(work, verdict);
  queues.leave(work, verdict);
  if (work.from !== 'window') return;
  if ('back' in verdict) {
    queues.putBack(work.unit, isStopping ? 0 : (verdict.delayMs ?? 0));
    return;
  }
  window.done(work.unit);
  settled(work.unit.entries);
  for (const [i, {entry, plan}] of work.tasks.entries()) {
    const old = plan.do === 'claim' && plan.op === 'delta' && replies[i]?.verdict === 'unchanged';
    count(old ? 'unchanged' : verdict.outcome, entry.occurredAt);
  }
}

/** Redis or the audit did not take it and the program stops: nothing is settled, Kafka hands it out again. */
export function logNotSettled(
  {log, target, signal}: Pick<DispatchContext, 'log' | 'target' | 'signal'>,
  err: unknown,
): void {
  const fields = {target, err};
  if (signal.aborted) log.info(fields, 'not settled before the stop: it comes again');
  else log.error(fields, 'unexpected exception in dispatch: what it was about comes again');
}
