import type {AuditRecord} from '../../core/audit.ts';
import type {Outcome} from '../../core/change.ts';
import type {Failure} from '../../core/failure.ts';
import {byHand} from '../../core/hand.ts';
import {parkedKind, type DeadLetter, type LaneEntry, type Release} from '../../core/parked.ts';
import type {SubjectKind} from '../../core/state.ts';
import type {DispatchContext} from './context.ts';
import type {Verdict} from './end.ts';
import {auditHand, handOf} from './hand.ts';
import {createHeldLog, type HeldLog} from './held-log.ts';
import {persist} from './persist.ts';
import {auditTask, auditWork, told, type About} from './records.ts';
import {
  nowhere,
  positionOf,
  recordId,
  releaseOf,
  toldOf,
  type Granted,
  type Task,
  type Work,
} from './work.ts';

const tooMany = {
  user: 'more leavers than the guard allows',
  group: 'more deletions of groups than the guard allows',
};

/** What does not end at the target: lanes, holds and dead letters, each with its audit record before it. */
export class Parking {
  readonly #context: DispatchContext;
  readonly #heldLog: HeldLog;

  constructor(context: DispatchContext) {
    this.#context = context;
    this.#heldLog = createHeldLog(context.log, context.target);
    context.signal.addEventListener('abort', () => this.#heldLog.flush(), {once: true});
  }

  /** The beginning of an audit record. */
  about(subject: string, outcome: Outcome): About {
    return {target: this.#context.target, subject, at: this.#context.now(), outcome};
  }

  async note(outcome: Outcome, task: Task, more: Partial<AuditRecord> = {}): Promise<void> {
    await this.record(auditTask(this.about(task.statement.subject, outcome), task, more));
  }

  async record(record: AuditRecord): Promise<void> {
    await persist(this.#context, 'audit', () => this.#context.audit.append([record]));
  }

  /**
   * Into the subject's lane: after a failure (`granted`, its lease is given back in the same step), or behind what is
   * there already. The head of a lane stays where it is.
   */
  async park(
    work: Work,
    task: Task | undefined,
    tried: {granted?: Granted; failure: Failure} | undefined,
    delayMs: number,
  ): Promise<Verdict> {
    const failure = tried?.failure;
    const entry = this.#laneEntry(work, task, failure, delayMs);
    const release = tried?.granted
      ? releaseOf(tried.granted, tried.failure, true)
      : unleased(work.subject, entry);
    const reason = failure ? {failure: told(failure)} : {reason: 'older changes of the subject wait'};
    if (task && work.from === 'window') await this.note('parked', task, reason);
    if (work.from === 'lane') {
      await persist(this.#context, 'lane', () =>
        this.#context.lanes.turn(release, work.entry.id, {entry, delayMs}),
      );
      return {outcome: 'parked'};
    }
    return this.#intoLane(release, entry, delayMs);
  }

  /**
   * Into the lane of whom its record is about: it was filed under another subject while it could not be read. It keeps its record,
   * a delta too, and what was learnt and asked for where it stood (`before`).
   */
  async refile(task: Task, before?: LaneEntry): Promise<void> {
    const {record, kind, saysMembers} = task.entry;
    const entry: LaneEntry = {
      ...{id: recordId(record), firstAt: this.#context.now(), attempts: 0, ageMs: 0},
      ...(task.entry.trace && {trace: task.entry.trace}),
      ...before,
      ...{...parkedKind(kind), saysMembers, record, position: positionOf(task)},
    };
    await this.note('parked', task, {
      reason: 'it was filed under another subject while it could not be read',
    });
    await this.#intoLane(unleased(task.statement.subject, entry), entry, 0);
  }

  async #intoLane(release: Release, entry: LaneEntry, delayMs: number): Promise<Verdict> {
    const {lost, parked, superseded} = await persist(this.#context, 'lane', () =>
      this.#context.lanes.park(release, entry, delayMs),
    );
    if (lost) return {back: true};
    for (const old of superseded) await this.#supersede(release.subject, old);
    this.#closeWhenFull(parked);
    return {outcome: 'parked'};
  }

  /**
   * Keeps a leave, a group's deletion, or what a cut-off by hand bars for a person, unless a newer event was decided
   * meanwhile. What nothing bars any more goes back.
   */
  async hold(task: Task, kind: SubjectKind = 'user'): Promise<Verdict> {
    const {holds} = this.#context;
    const {subject} = task.statement;
    const isBarred = task.plan.do === 'claim' && task.plan.op === 'user';
    const entry = this.#laneEntry({from: 'sync', subject}, task, undefined, 0);
    const barred = isBarred ? {...entry, isBarred} : entry;
    const kept = await persist(this.#context, 'hold', () => holds.hold(barred, subject));
    if (kept === 'lifted') return {back: true};
    const outcome = kept === 'held' ? 'held' : 'superseded';
    const reason = isBarred ? byHand : tooMany[kind];
    await this.note(outcome, task, outcome === 'held' ? {reason} : {});
    if (outcome === 'held' && !isBarred) this.#heldLog.add(subject);
    return {outcome};
  }

  /** Nothing is done about what the config protects; that somebody has left has to be seen all the same. */
  async protect(work: Work, task: Task | undefined, rule: string, kind: SubjectKind = 'user'): Promise<void> {
    const {target, log, now} = this.#context;
    const more = {reason: `protected by ${rule}`, ...auditHand(work)};
    const about = this.about(work.subject, 'skipped');
    const what = {...about, what: 'protected', token: now().toString(36)};
    await this.record(task ? auditTask(about, task, more) : auditWork(what, more));
    const fields = {target, subject: work.subject, rule};
    if (kind === 'group') log.warn(fields, 'a protected group is neither deleted nor emptied');
    else if (task?.entry.kind === 'cutOff' || handOf(work))
      log.warn(fields, 'somebody who is to be cut off is protected: nothing was done');
    else log.info(fields, 'a change of a protected account was not sent');
  }

  /** Members that are out and protected. */
  sayKept(subject: string, members: readonly string[]): void {
    const {target, log} = this.#context;
    log.warn({target, subject, members}, 'protected members stay in their group');
  }

  /** A record that is not an event, or an event that this target's mapping fails for: a newer one closes that letter. */
  async undecodable(task: Task, failure: Failure): Promise<void> {
    await this.note('dead', task, {failure: told(failure)});
    const letter = this.letterOf({from: 'sync', subject: task.statement.subject}, task, failure);
    const kind = task.statement.kind === 'unknown' ? 'undecodable' : letter.kind;
    await persist(this.#context, 'dead letter', () => this.#context.letters.add({...letter, kind}));
  }

  /** An attempt that a person has to look at. What of a group's members could not be told is one letter: its sync's. */
  async dead(granted: Granted, failure: Failure): Promise<Verdict> {
    const {work, task, token, claim} = granted;
    const {target, letters, log} = this.#context;
    const about = this.about(work.subject, 'dead');
    const more = {failure: told(failure), ...auditHand(work)};
    await this.record(
      task ? auditTask(about, task, more) : auditWork({...about, what: claim.op, token}, more),
    );
    const letter = {...this.letterOf(work, task, failure), ...letterOfWork(granted)};
    const isReference = claim.op === 'reference';
    const release = {...releaseOf(granted, failure, true), ...(isReference ? {endsReference: true} : {})};
    await persist(this.#context, 'dead letter', () => letters.add(letter, release));
    log.warn({target, subject: work.subject, ...told(failure)}, 'dead letter');
    return {outcome: 'dead'};
  }

  /** One member that a group's target refuses. */
  async member(letter: DeadLetter, subject: string, add: boolean): Promise<void> {
    const one = {
      ...letter,
      id: `${letter.subject ?? ''}/members/${subject}`,
      kind: 'member' as const,
      member: {subject, add},
    };
    await persist(this.#context, 'dead letter', () =>
      this.#context.letters.add(one, undefined, toldOf(subject, add)),
    );
  }

  letterOf(work: Work, task: Task | undefined, failure: Failure): DeadLetter {
    const entry = this.#laneEntry(work, task, failure, 0);
    const {target, now} = this.#context;
    const id = entry.id === 'sync' ? `${work.subject}/members` : entry.id;
    return {...entry, id, target, subject: work.subject, failure, at: now()};
  }

  #laneEntry(work: Work, task: Task | undefined, failure: Failure | undefined, delayMs: number): LaneEntry {
    const before = work.from === 'lane' ? work.entry : undefined;
    const attempts = (before?.attempts ?? 0) + (failure ? 1 : 0);
    const counted = {attempts, ageMs: (before?.ageMs ?? 0) + delayMs, ...(failure ? {failure} : {})};
    const trace = before?.trace ?? task?.entry.trace ?? work.trace?.context;
    const traced = trace ? {...counted, trace} : counted;
    if (before) return {...before, ...traced};
    const firstAt = this.#context.now();
    // A delta's news is kept with its group: what waits in the lane is the group's sync.
    if (!task || task.entry.kind === 'delta') {
      return {id: 'sync', kind: 'sync', saysMembers: false, position: nowhere, firstAt, ...traced};
    }
    const {record, kind, saysMembers} = task.entry;
    const said = {...parkedKind(kind), saysMembers, record, position: positionOf(task)};
    return {id: recordId(record), ...said, firstAt, ...traced};
  }

  async #supersede(subject: string, old: LaneEntry): Promise<void> {
    const {target, count} = this.#context;
    const record = {
      id: `${target}/${old.id}/superseded`,
      ...this.about(subject, 'superseded'),
      reason: 'a newer change of the subject was parked',
    };
    await this.record(
      old.record
        ? {...record, topic: old.record.topic, partition: old.record.partition, offset: old.record.offset}
        : record,
    );
    count('superseded', old.position.occurredAt);
  }

  #closeWhenFull(parked: number): void {
    const {maxParked, gate} = this.#context;
    if (parked >= maxParked)
      gate.fill('too many parked changes', `${maxParked} changes are parked: the backlog stays in Kafka`);
  }
}

/** What no record stands behind has a letter of its own name. */
function letterOfWork({claim, work, reply: {awaited}}: Granted): Partial<DeadLetter> {
  if (claim.op === 'sync') return {id: `${work.subject}/members`, kind: 'sync'};
  if (!awaited) return {};
  const {managerId, attempts} = awaited;
  return {id: `${work.subject}/manager`, kind: 'reference', managerId, attempts: attempts + 1};
}

/** Nothing was leased for it, and nothing decided. */
export const unleased = (subject: string, {position}: LaneEntry): Release => ({
  subject,
  kind: 'user',
  position,
  maybeDone: false,
  decided: false,
  unwanted: false,
});
