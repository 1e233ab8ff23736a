import type {Outcome} from '../../core/change.ts';
import type {Failure} from '../../core/failure.ts';
import {parkedKind, type LaneEntry} from '../../core/parked.ts';
import {entryKind, type Plan} from '../../core/plan.ts';
import {planMapped} from '../../core/planned.ts';
import type {Statement} from '../../core/statement.ts';
import type {Entry, Unit} from '../../core/window.ts';
import type {ChangeTrace} from '../../core/trace.ts';
import type {DispatchContext} from './context.ts';
import {unleased, type Parking} from './parking.ts';
import {told} from './records.ts';
import {beginLane, beginUnit} from './traced.ts';
import {positionOf, type LaneWork, type Task, type WindowWork} from './work.ts';

const waitForRegistryMs = 1000;

/** Decodes and plans what was taken: the window and the lanes hold bytes, so that today's schema and mapping count. */
export class Tasks {
  readonly #context: DispatchContext;
  readonly #parking: Parking;
  #undecodableInRow = 0;

  constructor(context: DispatchContext, parking: Parking) {
    this.#context = context;
    this.#parking = parking;
  }

  /** The work of a unit, or nothing when its record is no event, is another subject's, or can not be told yet. */
  async ofUnit(unit: Unit, putBack: (unit: Unit, delayMs: number) => void): Promise<WindowWork | undefined> {
    const tasks: Task[] = [];
    const trace = beginUnit(this.#context, unit);
    for (const entry of unit.entries) {
      const task = await this.#read(entry, trace);
      if ('plan' in task) {
        if (isMisfiled(task, unit.subject)) await this.#parking.refile(task);
        else tasks.push(task);
        continue;
      }
      const [only] = unit.entries;
      if (task.failure.kind === 'undecodable' && only && unit.entries.length === 1)
        await this.#undecodable(unit, only, task, putBack);
      else putBack(unit, waitForRegistryMs);
      trace?.end(task.failure.kind === 'undecodable' ? 'dead' : 'back');
      return undefined;
    }
    this.#undecodableInRow = 0;
    // What went elsewhere is settled with the rest of its unit; put back with it, it is parked again under the same id.
    if (tasks.length > 0) return {from: 'window', subject: unit.subject, unit, tasks, ...(trace && {trace})};
    this.#settle(unit, 'parked');
    trace?.end('parked');
    return undefined;
  }

  /** The work of a lane's head, or nothing when there is none, or it can not be told yet. */
  async ofLane(subject: string, turned: () => void): Promise<LaneWork | undefined> {
    const {lanes} = this.#context;
    const head = await lanes.due(subject);
    if (!head) return undefined;
    const trace = beginLane(this.#context, subject, head);
    const work = {from: 'lane' as const, subject, entry: head, turned, ...(trace && {trace})};
    const entry = laneTask(head);
    if (!entry) return work;
    const task = await this.#read(entry, trace);
    if ('plan' in task && !isMisfiled(task, subject)) return {...work, entry: knownHead(head, task), task};
    if ('plan' in task) await this.#parking.refile(task, head);
    else if (task.failure.kind === 'undecodable')
      await this.#parking.undecodable(undecodableTask(subject, entry, task), task.failure);
    else {
      await lanes.wake(subject, waitForRegistryMs);
      trace?.end('back');
      return undefined;
    }
    await this.#endHead(subject, head);
    trace?.end('plan' in task ? 'parked' : 'dead');
    return undefined;
  }

  /** It stands elsewhere now, and the lane goes on: a letter that was tried again and is no event still is a letter again. */
  async #endHead(subject: string, head: LaneEntry): Promise<void> {
    const {lanes} = this.#context;
    const left = await lanes.turn(unleased(subject, head), head.id);
    if (left > 0) await lanes.wake(subject, 0);
  }

  async #read(entry: Task['entry'], trace: ChangeTrace | undefined): Promise<Task | Unread> {
    const {decode, policy, log, target} = this.#context;
    const decoding = trace?.step('decode');
    const read = decode(entry.record);
    const decoded = read instanceof Promise ? await read : read;
    decoding?.end(decoded.ok ? undefined : decoded);
    if (!decoded.ok) return decoded;
    const statement = decoded.value;
    const planning = trace?.step('plan');
    const mapped = planMapped(statement, policy);
    const planned = mapped instanceof Promise ? await mapped : mapped;
    planning?.end(planned.ok ? undefined : planned);
    trace?.tell(statement.meta, planned.ok && planned.value.do === 'claim' ? planned.value.op : 'skip');
    if (!planned.ok) return {failure: planned.failure, statement};
    const plan = planned.value;
    if (plan.do === 'claim' && plan.mappingFailure)
      log.warn(
        {target, subject: statement.subject, ...told(plan.mappingFailure)},
        'the mapping of a leaver fails: they are cut off by their identity alone',
      );
    return {entry: knownEntry(entry, statement, plan), statement, plan: this.#protect(statement, plan)};
  }

  /** The rule that protects whom it is about goes with it: the claim decides, and nothing is sent. */
  #protect(statement: Statement, plan: Plan): Plan {
    if (plan.do === 'skip') return plan;
    const {protection} = this.#context;
    const isKept = plan.wanted?.isEmptied === true && protection.groups.includes(statement.subject);
    const rule = isKept
      ? `the group ${statement.subject}`
      : protection.ofStatement(statement, plan.wanted?.attributes);
    return rule === undefined ? plan : {...plan, protectedBy: rule};
  }

  /** A dead letter; and when there is nothing else for long, the gate shuts instead of making a million of them. */
  async #undecodable(
    unit: Unit,
    entry: Entry,
    unread: Unread,
    putBack: (unit: Unit, delayMs: number) => void,
  ): Promise<void> {
    const {gate, maxUndecodable} = this.#context;
    const {failure} = unread;
    this.#undecodableInRow += 1;
    if (this.#undecodableInRow >= maxUndecodable) gate.close(failure.cause, failure.message);
    // Each probe after the first uses one up: else the first of them would shut the gate for ever.
    if (this.#undecodableInRow === maxUndecodable) {
      putBack(unit, 0);
      return;
    }
    this.#context.undecodable(entry.record.topic);
    await this.#parking.undecodable(undecodableTask(unit.subject, entry, unread), failure);
    this.#settle(unit, 'dead');
  }

  #settle(unit: Unit, outcome: Outcome): void {
    const {window, settled, count} = this.#context;
    window.done(unit);
    settled(unit.entries);
    for (const {occurredAt} of unit.entries) count(outcome, occurredAt);
  }
}

/** Why a record has no plan; with its statement where it is an event that this target's mapping fails for. */
interface Unread {
  failure: Failure;
  statement?: Statement;
}

function undecodableTask(subject: string, entry: Task['entry'], {failure, statement}: Unread): Task {
  const meta = {eventId: '', occurredAt: entry.occurredAt, source: ''};
  const unknown: Statement = {kind: 'unknown', subject, meta};
  return {entry, statement: statement ?? unknown, plan: {do: 'skip', reason: failure.message}};
}

/** An account must not come to belong to an id that its events do not have: nobody would end it. */
const isMisfiled = ({plan, statement}: Task, subject: string): boolean =>
  plan.do === 'claim' && statement.subject !== subject;

/** An entry as its record says, now that it is read: it may have been filed while it could not be. */
function knownEntry(entry: Task['entry'], {meta: {occurredAt}}: Statement, plan: Plan): Task['entry'] {
  const {kind, saysMembers} = entryKind(plan);
  const isKnown = entry.kind === kind && entry.saysMembers === saysMembers && entry.occurredAt === occurredAt;
  return isKnown || kind === 'none' ? entry : {...entry, kind, saysMembers, occurredAt};
}

function knownHead(head: LaneEntry, task: Task): LaneEntry {
  const {kind, saysMembers} = task.entry;
  return kind === 'none' ? head : {...head, ...parkedKind(kind), saysMembers, position: positionOf(task)};
}

function laneTask(head: LaneEntry): Task['entry'] | undefined {
  if (!head.record || head.kind === 'sync') return undefined;
  const {record, kind, saysMembers, isEnd, trace} = head;
  return {
    record,
    kind: isEnd === true ? 'end' : kind,
    saysMembers,
    ...(trace && {trace}),
    source: head.position.source,
    occurredAt: head.position.occurredAt,
  };
}
