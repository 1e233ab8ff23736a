import type {Outcome} from '../../core/change.ts';
import type {ClaimReply} from '../../core/state.ts';
import type {Entry} from '../../core/window.ts';
import type {DispatchContext} from './context.ts';
import type {Verdict} from './end.ts';
import {tellHand} from './hand.ts';
import type {Parking} from './parking.ts';
import {refuseOtherKind} from './other-kind.ts';
import {persist} from './persist.ts';
import {auditTask} from './records.ts';
import {traceSuperseded} from './traced.ts';
import {nowhere, positionOf, type Granted, type Task, type Work} from './work.ts';

const waits = 'kept for when the group and its members are at this target';
const overtaken = 'a newer event of the subject came before it was sent';
const laneDelayMs = 1000;

/** What a claim decided by itself (unchanged, superseded, skipped, busy, held), and what goes with an attempt. */
export class Decided {
  readonly #context: DispatchContext;
  readonly #parking: Parking;

  constructor(context: DispatchContext, parking: Parking) {
    this.#context = context;
    this.#parking = parking;
  }

  /** Finishes a work whose claim needs no request. */
  async finish(work: Work, replies: readonly ClaimReply[]): Promise<Verdict> {
    work.trace?.step('settle');
    const [first] = tasksOf(work);
    const verdict = isDelta(first)
      ? await this.#deltas(tasksOf(work), replies, await this.#decide(work, undefined, replies.at(-1)))
      : await this.#decide(work, first, replies.at(-1));
    if (work.from === 'lane') await this.#turn(work, verdict);
    return verdict;
  }

  /** After an attempt: the lane that it was the head of, or the deltas that went with it. */
  async rest({work, task}: Granted, replies: readonly ClaimReply[], verdict: Verdict): Promise<Verdict> {
    if (work.from === 'lane') {
      await this.#turn(work, verdict);
      return verdict;
    }
    const tasks = tasksOf(work);
    // The attempt has audited the last of them already, unless it goes back.
    const told = 'outcome' in verdict ? task : undefined;
    return isDelta(tasks[0]) ? this.#deltas(tasks, replies, verdict, told) : verdict;
  }

  /** Entries that newer ones took the place of in the window. */
  async superseded(entries: readonly Entry[]): Promise<void> {
    const records = entries.map((entry) => {
      const meta = {eventId: '', occurredAt: entry.occurredAt, source: ''};
      const statement = {kind: 'unknown' as const, subject: entry.subject, meta};
      const about = this.#parking.about(entry.subject, 'superseded');
      return auditTask(about, {entry, statement, plan: {do: 'skip', reason: overtaken}}, {reason: overtaken});
    });
    await persist(this.#context, 'audit', () => this.#context.audit.append(records));
    traceSuperseded(this.#context, entries);
  }

  async #decide(work: Work, task: Task | undefined, reply: ClaimReply | undefined): Promise<Verdict> {
    if (task?.plan.do === 'skip') return this.#settled('skipped', task, task.plan.reason);
    if (!reply) return {outcome: 'unchanged'};
    switch (reply.verdict) {
      case 'unchanged':
      case 'superseded':
        if (task && this.#context.wasSettled(task.entry.record)) return {outcome: reply.verdict};
        return this.#settled(reply.verdict, task);
      case 'skipped':
        return this.#settled('skipped', task, task?.plan.reason);
      case 'merged':
      case 'waits':
        return this.#settled('skipped', task, waits);
      case 'busy':
        // Its lane ends, and then the sweep finds it again.
        if (work.from === 'reference') return {back: true};
        return this.#parking.park(work, task, undefined, 0);
      case 'held':
        return task ? this.#parking.hold(task, reply.kind) : {back: true};
      case 'protected':
        return this.#protected(work, task, reply);
      case 'otherKind':
        return task ? refuseOtherKind(this.#context, this.#parking, task, reply.kind) : {outcome: 'skipped'};
      case 'leased':
        return {back: true};
      case 'go':
        throw new Error('a granted claim is not decided');
      default:
        return reply.verdict satisfies never;
    }
  }

  /** Security has to see that somebody who left is protected. */
  async #protected(work: Work, task: Task | undefined, reply: ClaimReply): Promise<Verdict> {
    const planned = task?.plan.do === 'claim' ? task.plan : undefined;
    const rule = planned?.protectedBy ?? reply.protectedBy ?? '';
    await this.#parking.protect(work, task, rule, reply.kind);
    const end = {at: this.#context.now(), complete: false, reason: `protected by ${rule}`};
    await tellHand(this.#context, work, end);
    return {outcome: 'skipped'};
  }

  async #settled(outcome: Outcome, task: Task | undefined, reason?: string): Promise<Verdict> {
    if (task) await this.#parking.note(outcome, task, reason === undefined ? {} : {reason});
    return {outcome};
  }

  /** Deltas are kept with their group: what became of its sync settles those that brought news. */
  async #deltas(
    tasks: readonly Task[],
    replies: readonly ClaimReply[],
    verdict: Verdict,
    told?: Task,
  ): Promise<Verdict> {
    const outcome: Outcome = 'back' in verdict ? 'parked' : verdict.outcome;
    for (const [i, task] of tasks.entries()) {
      if (task === told) continue;
      const own = replies[i]?.verdict;
      if (own === 'otherKind') {
        await refuseOtherKind(this.#context, this.#parking, task, replies[i]?.kind);
        continue;
      }
      const became = own === 'merged' ? outcome : own === 'waits' ? 'skipped' : 'unchanged';
      await this.#settled(became, task, became === 'skipped' ? waits : undefined);
    }
    return {outcome};
  }

  /** The head of a lane is done, or waits on untouched while it can not be tried. */
  async #turn(work: Extract<Work, {from: 'lane'}>, verdict: Verdict): Promise<void> {
    const {lanes, count} = this.#context;
    if ('outcome' in verdict && verdict.outcome === 'parked') return;
    const next = 'back' in verdict ? {entry: work.entry, delayMs: verdict.delayMs ?? laneDelayMs} : undefined;
    const position = work.task ? positionOf(work.task) : nowhere;
    const release = {
      subject: work.subject,
      kind: 'user' as const,
      position,
      maybeDone: false,
      decided: false,
      unwanted: false,
    };
    const left = await persist(this.#context, 'lane', () => lanes.turn(release, work.entry.id, next));
    if (!next && left > 0) await persist(this.#context, 'lane', () => lanes.wake(work.subject, 0));
    if ('outcome' in verdict) count(verdict.outcome, work.entry.position.occurredAt);
  }
}

const isDelta = (task: Task | undefined): boolean => task?.plan.do === 'claim' && task.plan.op === 'delta';

function tasksOf(work: Work): readonly Task[] {
  if (work.from === 'window') return work.tasks;
  return work.from === 'lane' && work.task ? [work.task] : [];
}
