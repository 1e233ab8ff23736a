import type {Failure} from '../../core/failure.ts';
import {judge} from '../../core/judge.ts';
import {auditClosed} from '../../core/letters/closed.ts';
import type {DeadLetter} from '../../core/parked.ts';
import type {Settle, SettleReply, Tries} from '../../core/state.ts';
import type {DispatchContext} from './context.ts';
import type {Done, End, Verdict} from './end.ts';
import {auditHand, concludeHand, handOf} from './hand.ts';
import type {Parking} from './parking.ts';
import {persist} from './persist.ts';
import {auditDone, auditTask, auditWork, told} from './records.ts';
import {Refusals} from './refusals.ts';
import {createSettleQueue, type SettleQueue} from './settle-queue.ts';
import {goesThrough, isCutOff, kindOf, saysNothing, type Granted} from './work.ts';

/** New work that settling has found: groups whose members changed, people whose manager came. */
export interface Found {
  addGroups(subjects: readonly string[]): void;
  addPeople(subjects: readonly string[]): void;
}

/** Makes the end of an attempt durable: state, lane or dead letter, as the judge says. */
export class Settling {
  readonly #context: DispatchContext;
  readonly #parking: Parking;
  readonly #found: Found;
  readonly #queue: SettleQueue;
  readonly #refusals = new Refusals();

  constructor(context: DispatchContext, parking: Parking, found: Found) {
    this.#context = context;
    this.#parking = parking;
    this.#found = found;
    this.#queue = createSettleQueue(context);
  }

  async conclude(granted: Granted, end: End): Promise<Verdict> {
    const verdict = await this.#conclude(granted, end);
    const isLost = end.end === 'done' && 'back' in verdict;
    if (handOf(granted.work) && !isLost) await concludeHand(this.#context, granted, end, verdict);
    return verdict;
  }

  async #conclude(granted: Granted, end: End): Promise<Verdict> {
    switch (end.end) {
      case 'done':
        return this.#done(granted, end);
      case 'failed':
        return this.#failed(granted, end.failure);
      case 'held':
        await this.giveBack(granted, false);
        return granted.task ? this.#parking.hold(granted.task) : {back: true};
      case 'protected':
        return this.#protected(granted, end.rule);
      default:
        return end satisfies never;
    }
  }

  /** Gives a lease back without having decided anything. */
  async giveBack(granted: Granted, maybeDone: boolean, again?: {atMs: number; tries: Tries}): Promise<void> {
    const result = {done: false as const, maybeDone, decided: false, ...(again && {again})};
    const settle = settleOf(granted, {kind: kindOf(granted)}, result);
    await this.#queue.settle(settle, undefined);
  }

  async #done(granted: Granted, end: Done): Promise<Verdict> {
    this.#context.gate.success();
    const {work, task, token, claim} = granted;
    const outcome = end.unchanged ? 'unchanged' : 'applied';
    if (outcome === 'applied') this.#refusals.applied(granted);
    const about = this.#parking.about(work.subject, outcome);
    const record = task
      ? auditTask(about, task, auditDone(end))
      : auditWork({...about, what: claim.op, token}, {...auditDone(end), ...auditHand(work)});
    if (end.refused) await this.#refuse(granted, end.refused);
    const {added, removed, kept = []} = end.members ?? {added: [], removed: []};
    const members = {added, removed: [...removed, ...kept]};
    if (kept.length > 0) this.#parking.sayKept(work.subject, kept);
    const reply = await this.#queue.settle(settleOf(granted, {...end.settle, members}, {done: true}), record);
    if (!reply.held) return {back: true};
    if (isFollowed(reply)) await this.#afterwards(granted, reply);
    if (end.membersFailure) await this.#membersFailed(granted, end.membersFailure);
    return {outcome};
  }

  /** It was granted, and the account shows that it is protected: what the claim began is not gone on with. */
  async #protected(granted: Granted, rule: string): Promise<Verdict> {
    const {work, task, claim} = granted;
    await this.#parking.protect(work, task, rule);
    const settle = {
      kind: kindOf(granted),
      keeps: true,
      isProtected: true,
      ...(claim.op === 'reference' ? {fillsManager: true} : {}),
      ...(claim.byHand ? {refusesHand: true} : {}),
    };
    const {held} = await this.#queue.settle(settleOf(granted, settle, {done: true}), undefined);
    return held ? {outcome: 'skipped'} : {back: true};
  }

  async #failed(granted: Granted, reported: Failure): Promise<Verdict> {
    const {gate, retry, random, signal} = this.#context;
    const {work, task} = granted;
    // Its lease may be another's, or a stop has ended it: that is nobody's fault.
    if (granted.signal?.aborted) return this.#back(granted, reported);
    const failure = this.#refusals.read(granted, reported);
    const wasShut = gate.shut;
    const closed = gate.failure(failure, isCutOff(granted) || goesThrough(granted));
    if (failure.kind === 'unauthorized' && !wasShut) this.#refusals.shut(granted);
    if (gate.state.state === 'waiting') await this.#tellOthers(gate.state.untilMs);
    const before = work.from === 'lane' ? work.entry : (granted.reply.awaited ?? {attempts: 0, ageMs: 0});
    // A stop aborts requests: that is nobody's fault, and Kafka (or the lane) hands the change out again.
    if (closed === 'closed' || signal.aborted) return this.#back(granted, failure);
    if (work.from === 'delete') return this.#notDeleted(granted, failure);
    const tries = {attempts: before.attempts + 1, ageMs: before.ageMs};
    const judgement = judge(failure, tries, retry, random());
    if (judgement.do === 'dead') return this.#parking.dead(granted, failure);
    if (judgement.do === 'back' && closed === 'open') return this.#back(granted, failure);
    // It shut the gate right after a probe: tried first again, it would for ever. It waits in its lane.
    const delayMs = judgement.do === 'back' ? retry.maxDelayMs * random() : judgement.delayMs;
    if (work.from === 'reference') return this.#putOff(granted, failure, tries, delayMs);
    return this.#parking.park(work, task, {granted, failure}, delayMs);
  }

  /** It stays among those whose manager has come, and keeps no other news of the person waiting. */
  async #putOff(granted: Granted, failure: Failure, tries: Tries, delayMs: number): Promise<Verdict> {
    const again = {atMs: this.#context.now() + delayMs, tries: {...tries, ageMs: tries.ageMs + delayMs}};
    await this.giveBack(granted, failure.maybeDone === true, again);
    return {back: true};
  }

  /** The leaver's access has ended; the account is still listed, and its turn comes again in an hour. */
  #notDeleted(granted: Granted, failure: Failure): Promise<Verdict> {
    const {log, target} = this.#context;
    log.warn(
      {target, subject: granted.claim.subject, ...told(failure)},
      'account of a leaver not deleted: it is tried again in an hour',
    );
    return this.#back(granted, failure);
  }

  async #back(granted: Granted, failure: Failure): Promise<Verdict> {
    await this.giveBack(granted, failure.maybeDone === true);
    return {back: true};
  }

  async #tellOthers(untilMs: number): Promise<void> {
    await persist(this.#context, 'wait', () => this.#context.state.wait(untilMs));
  }

  async #refuse({work, task, token}: Granted, refused: NonNullable<Done['refused']>): Promise<void> {
    for (const {subject, add, failure} of refused) {
      const about = {...this.#parking.about(work.subject, 'dead'), what: `member/${subject}`, token};
      await this.#parking.record(auditWork(about, {failure: told(failure)}));
      await this.#parking.member(this.#parking.letterOf(work, task, failure), subject, add);
    }
  }

  async #afterwards({claim, task, work}: Granted, reply: SettleReply): Promise<void> {
    this.#found.addGroups(reply.groups);
    this.#found.addPeople(reply.people);
    const {letters, lanes} = this.#context;
    await this.#closed(reply.closed);
    if (reply.hasLetters && task?.entry.kind === 'snapshot') {
      const says = {members: task.entry.saysMembers, managerId: claim.managerId};
      const close = () => letters.closeOvertaken(claim.subject, claim.position, says);
      await this.#closed(await persist(this.#context, 'dead letter', close));
    }
    if (reply.hasLane && work.from !== 'lane')
      await persist(this.#context, 'lane', () => lanes.wake(claim.subject, 0));
  }

  /** Letters that newer news has overtaken. */
  async #closed(letters: readonly DeadLetter[]): Promise<void> {
    const {log, target} = this.#context;
    for (const letter of letters) await this.#parking.record(auditClosed(letter, this.#context.now()));
    if (letters.length > 0)
      log.info({target, count: letters.length}, 'dead letters closed: newer news has overtaken them');
  }

  async #membersFailed({claim}: Granted, failure: Failure): Promise<void> {
    const {gate, retry, random} = this.#context;
    gate.failure(failure);
    const judgement = judge(failure, {attempts: 1, ageMs: 0}, retry, random());
    const delayMs = judgement.do === 'park' ? judgement.delayMs : retry.baseDelayMs;
    await this.#parking.park({from: 'sync', subject: claim.subject}, undefined, {failure}, delayMs);
  }
}

/** Nearly every change is not: nothing waits for it. */
const isFollowed = ({groups, people, closed, hasLetters, hasLane}: SettleReply): boolean =>
  hasLetters || hasLane || groups.length + people.length + closed.length > 0;

function settleOf(
  granted: Granted,
  settle: Partial<Settle> & Pick<Settle, 'kind'>,
  result: Settle['result'],
): Settle {
  const {claim, token} = granted;
  return {
    moves: !saysNothing(claim),
    ...settle,
    subject: claim.subject,
    token,
    position: claim.position,
    result,
  };
}
