import {setImmediate as nextTurn} from 'node:timers/promises';
import type {KafkaMessage} from 'kafkajs';
import type {SourceRecord} from '../../core/change.ts';
import type {Result} from '../../core/failure.ts';
import type {Entry} from '../../core/window.ts';
import {troubleOf, type Assigned} from './assigned.ts';
import type {Flow} from './flow.ts';
import {own, toRecord} from './record.ts';
import {reasonOf, type Troubles} from './troubles.ts';
import type {SourceOptions} from './types.ts';

/** Records between two turns of the event loop: requests and heartbeats go on while a backlog is read. */
const TURN = 256;

export interface Batch {
  messages: KafkaMessage[];
  /** The next offset after the batch, markers that are not handed over included. */
  next: number;
  /** Tells the broker that this member lives; to be called while a record takes long. */
  heartbeat: () => Promise<void>;
}

/** Takes the records of a batch where they belong: to catch-up's notes, to the window, or back for later. */
export class Reader {
  readonly #options: SourceOptions;
  readonly #flow: Flow;
  readonly #troubles: Troubles;
  #offered = false;
  #superseded: Entry[] = [];

  constructor(options: SourceOptions, flow: Flow, troubles: Troubles) {
    this.#options = options;
    this.#flow = flow;
    this.#troubles = troubles;
  }

  /** True when the whole batch was dealt with; else Kafka was told where to go on. */
  async consume(assigned: Assigned, batch: Batch): Promise<boolean> {
    const {seeks} = assigned;
    const current = () => assigned.alive && assigned.seeks === seeks;
    let count = 0;
    for (const message of batch.messages) {
      const record = toRecord(assigned.topic, assigned.partition, message);
      assigned.times.note(record, assigned.progress);
      const taken = this.#take(assigned, record, batch);
      if (!(taken instanceof Promise ? await taken : taken)) {
        if (current()) this.#flow.stall(assigned, record.offset);
        break;
      }
      if (!current()) break;
      if ((count += 1) % TURN === 0) {
        this.#handOver();
        await nextTurn();
      }
      if (!current()) break;
      if (assigned.paused) {
        this.#flow.seek(assigned, assigned.position);
        break;
      }
    }
    this.#handOver();
    if (!current()) return false;
    this.reach(assigned, batch.next);
    return current();
  }

  /** Kafka has nothing more to hand over below `next`. */
  reach(assigned: Assigned, next: number): void {
    assigned.position = Math.max(assigned.position, next);
    if (assigned.phase === 'scanning') {
      if (assigned.position >= assigned.catchUpTo) this.#flow.endScan(assigned);
    } else if (this.#flow.inOrder(assigned)) assigned.progress.pass(next);
    else assigned.progress.letGo(next - 1);
  }

  /** False when the record can not be read now. */
  #take(assigned: Assigned, record: SourceRecord, batch: Batch): boolean | Promise<boolean> {
    const {progress} = assigned;
    if (assigned.phase === 'reading') {
      const inOrder = this.#flow.inOrder(assigned);
      const left = record.offset < assigned.catchUpTo && assigned.selection?.has(record.offset) === false;
      if (left || progress.seen(record.offset)) {
        if (inOrder) progress.pass(record.offset + 1);
        else progress.letGo(record.offset);
        assigned.position = record.offset + 1;
        return true;
      }
    }
    const {seeks} = assigned;
    const result = this.#read(record, assigned.source);
    if (!(result instanceof Promise)) return this.#put(assigned, result, record);
    return this.#patiently(result, batch).then((late) =>
      // Moved away or sought elsewhere meanwhile: the record will come again, to whoever owns it.
      assigned.alive && assigned.seeks === seeks ? this.#put(assigned, late, record) : true,
    );
  }

  #put(assigned: Assigned, result: Result<Entry>, record: SourceRecord): boolean {
    if (!result.ok) {
      const {kind, message} = result.failure;
      const fields = {
        failure: kind,
        reason: message,
        topic: record.topic,
        partition: record.partition,
        offset: record.offset,
      };
      if (kind !== 'unavailable')
        this.#options.log.error(fields, 'A record could not be read, which is a bug');
      const waitsFor = kind === 'unavailable' ? 'registry' : 'kafka';
      this.#troubles.raise(troubleOf(assigned), 'Waiting to read a record', fields, waitsFor);
      assigned.unread = true;
      return false;
    }
    if (assigned.unread) this.#troubles.clear(troubleOf(assigned));
    assigned.unread = false;
    // Only now: until a record was put somewhere, going on from `position` must bring it again.
    assigned.position = record.offset + 1;
    const entry = result.value;
    if (assigned.phase === 'scanning') assigned.scan?.note(entry, record.offset);
    else this.#offer(assigned, entry);
    return true;
  }

  /** To the window, unless it is full or the gate shut: then cut-offs alone. */
  #offer(assigned: Assigned, entry: Entry): void {
    const {progress} = assigned;
    const {offset} = entry.record;
    if (this.#flow.blocked && entry.kind !== 'cutOff') {
      progress.letGo(offset);
      return;
    }
    // Ahead even when nothing was let go yet, so that a long run of cut-offs is counted.
    if (this.#flow.blocked) progress.acceptAhead(offset);
    else progress.accept(offset);
    entry.record = own(entry.record, entry.subject);
    for (const superseded of this.#options.window.offer(entry)) this.#superseded.push(superseded);
    this.#offered = true;
    if (this.#flow.blocked || this.#options.window.full) this.#flow.update();
  }

  #handOver(): void {
    const superseded = this.#superseded;
    this.#superseded = [];
    if (superseded.length > 0) this.#options.onSuperseded(superseded);
    if (this.#offered) this.#options.wake();
    this.#offered = false;
    this.#flow.update();
  }

  #read(record: SourceRecord, source: number): Result<Entry> | Promise<Result<Entry>> {
    try {
      const result = this.#options.read(record, source);
      return result instanceof Promise ? result.catch(bug) : result;
    } catch (error) {
      return bug(error);
    }
  }

  async #patiently<T>(result: Promise<T>, {heartbeat}: Batch): Promise<T> {
    // A failed heartbeat is met again by KafkaJS right after the batch, which joins the group anew then.
    const timer = setInterval(
      () => void heartbeat().catch(() => undefined),
      this.#options.sessionTimeoutMs / 6,
    );
    try {
      return await result;
    } finally {
      clearInterval(timer);
    }
  }
}

function bug(error: unknown): Result<Entry> {
  return {ok: false, failure: {kind: 'bug', message: reasonOf(error), cause: 'exception while reading'}};
}
