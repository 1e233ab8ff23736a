import type {LaneEntry} from '../../core/parked.ts';
import type {ChangeTrace, Step} from '../../core/trace.ts';
import type {Entry, Unit} from '../../core/window.ts';
import {attempt} from './attempt.ts';
import type {DispatchContext} from './context.ts';
import type {End, Verdict} from './end.ts';
import type {Granted, Work} from './work.ts';

type Tracing = Pick<DispatchContext, 'tracer'>;

/** The trace of a unit that was taken from the window; nothing where nobody traces. */
export function beginUnit({tracer}: Tracing, {subject, entries}: Unit): ChangeTrace | undefined {
  if (!tracer) return undefined;
  const newest = entries.toReversed();
  const {trace: first, receivedAt} = newest[0] ?? {};
  const records = newest.map(({record}) => record);
  const trace = tracer.begin({subject, from: 'window', records, first, receivedAt, attempts: 0});
  // Put back and taken again, or parked, it still belongs here.
  for (const entry of entries) entry.trace ??= trace.context;
  return trace;
}

/** The trace of a lane's head. */
export function beginLane({tracer}: Tracing, subject: string, head: LaneEntry): ChangeTrace | undefined {
  const {record, trace: first, attempts} = head;
  return tracer?.begin({subject, from: 'lane', records: record ? [record] : [], first, attempts});
}

/** Of each work, its claim; what no record stands behind begins with it. */
export function beginClaims({tracer}: Tracing, works: readonly Work[]): Step[] | undefined {
  if (!tracer) return undefined;
  return works.map((work) => {
    const {subject, from} = work;
    work.trace ??= tracer.begin({subject, from, records: [], attempts: 0});
    return work.trace.step('claim');
  });
}

/** Entries that newer ones took the place of: nothing is done about them, and a trace that they are part of says so. */
export function traceSuperseded({tracer}: Tracing, entries: readonly Entry[]): void {
  for (const {subject, record, trace: first, receivedAt} of tracer ? entries : [])
    tracer
      ?.begin({subject, from: 'window', records: [record], first, receivedAt, attempts: 0})
      .end('superseded');
}

/** An attempt whose requests are part of its trace. */
export function tracedAttempt(context: DispatchContext, granted: Granted): Promise<End> {
  const {trace} = granted.work;
  return trace ? within(trace, context, granted) : attempt(context, granted);
}

async function within(trace: ChangeTrace, context: DispatchContext, granted: Granted): Promise<End> {
  const end = await trace.within(() => attempt(context, granted));
  if (end.end === 'failed') trace.failed(end.failure);
  trace.step('settle');
  return end;
}

/** The work is over. */
export function endTrace({trace}: Work, verdict: Verdict): void {
  trace?.end('back' in verdict ? 'back' : verdict.outcome);
}
