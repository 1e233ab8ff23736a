import {setTimeout as delay} from 'node:timers/promises';
import type {AuditAction, AuditRecord} from '../../core/audit.ts';
import type {Head, WrittenRecord} from '../../core/audit/written.ts';
import type {Heads} from './heads.ts';
import {OwnChain, type ChainSettings} from './own-chain.ts';
import type {Chained, Sink} from './sink.ts';

export interface WriterOptions extends ChainSettings {
  sinks: readonly Sink[];
  heads: Heads;
  /** How long records wait for a checkpoint at most. */
  checkpointMs: number;
  seal: (record: AuditRecord | AuditAction) => WrittenRecord;
}

type Source = AuditRecord | AuditAction;

interface Waiting {
  records: readonly Source[];
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** For Redis to say what it knows: what it knows later, the next chain names. */
const headsMs = 2000;

/**
 * Writes records into this process's chain, what comes while a write is under way together. A record keeps its place in the
 * chain until it is written: the caller gives the same object again after a failed write, which may have written it.
 */
export class ChainWriter {
  readonly #options: WriterOptions;
  readonly #chain: OwnChain;
  /** In the chain and not known to be written. */
  #pending: {source: object; chained: Chained}[] = [];
  /** Of a write that failed: they have their place, and may be written by now. */
  readonly #known = new WeakSet();
  #hasWritten = false;
  #waiting: Waiting[] = [];
  #turn: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: WriterOptions) {
    this.#options = options;
    this.#chain = new OwnChain(options);
  }

  append(records: readonly Source[]): Promise<void> {
    if (records.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiting.push({records, resolve, reject});
      this.#turn ??= this.#work();
    });
  }

  /** Ends the chain, if there is one, and closes what is open; rejects when the end could not be written. */
  async close(): Promise<void> {
    while (this.#turn) await this.#turn;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      if (!this.#hasWritten) return;
      this.#add(this.#chain.checkpoint('closed'));
      await this.#flush();
    } finally {
      await Promise.allSettled(this.#options.sinks.map((sink) => sink.close()));
    }
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#open();
        for (const {records} of batch) for (const record of records) this.#take(record);
        await this.#flush();
        for (const {resolve} of batch) resolve();
      } catch (error) {
        this.#remember();
        for (const {reject} of batch) reject(error);
      }
    }
    this.#turn = undefined;
    this.#arm();
  }

  /** The first record names the last ones that are known of the chains before. */
  async #open(): Promise<void> {
    if (!this.#chain.isEmpty) return;
    const none = delay(headsMs, [], {ref: false});
    const heads = await Promise.race([this.#options.heads.read(), none]).catch(() => []);
    const bounds = await Promise.all(this.#options.sinks.map(async (sink) => sink.mostBytes?.()));
    this.#chain.maxBytes = Math.min(this.#options.maxBytes, ...bounds.map((bytes) => bytes ?? Infinity));
    this.#add(this.#chain.checkpoint('opened', newest(heads, this.#chain.maxBytes / headBytes)));
  }

  #take(record: Source): void {
    if (this.#known.has(record)) return;
    this.#pending.push({source: record, chained: this.#chain.add(this.#options.seal(record))});
    if (this.#chain.unsigned >= this.#options.every) this.#add(this.#chain.checkpoint('running'));
  }

  #add(chained: Chained): void {
    this.#pending.push({source: chained, chained});
  }

  async #flush(): Promise<void> {
    const all = this.#pending.map(({chained}) => chained);
    // A checkpoint goes alone: it says that what stands before it has been written.
    for (const batch of batchesOf(all))
      await Promise.all(this.#options.sinks.map((sink) => sink.write(batch)));
    this.#hasWritten = true;
    this.#pending = [];
    await this.#tell(all);
  }

  /** The callers give them again, or another one's write takes them along. */
  #remember(): void {
    for (const {source} of this.#pending) this.#known.add(source);
  }

  /** What is known elsewhere of how far this chain reaches helps to prove it, and holds nothing up. */
  async #tell(written: readonly Chained[]): Promise<void> {
    const {heads} = this.#options;
    const last = written.findLast(({linked}) => linked.checkpoint !== undefined);
    if (!last) return;
    const named = written.flatMap(({linked}) => linked.checkpoint?.heads ?? []);
    const told = Promise.allSettled([heads.keep(this.#chain.headOf(last)), heads.drop(named)]);
    if (last.linked.checkpoint?.state === 'closed') await told;
  }

  #arm(): void {
    if (this.#timer || (this.#chain.unsigned === 0 && this.#pending.length === 0)) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#turn ??= this.#sign();
    }, this.#options.checkpointMs).unref();
  }

  /** What can not be written now goes with the next records, or is tried again by the timer. */
  async #sign(): Promise<void> {
    if (this.#chain.unsigned > 0) this.#add(this.#chain.checkpoint('running'));
    await this.#flush().catch(() => this.#remember());
    this.#turn = undefined;
    if (this.#waiting.length > 0) this.#turn = this.#work();
    else this.#arm();
  }
}

/** A head takes no more than this. Those that are not named stay in Redis, for the next chain. */
const headBytes = 1024;

const newest = (heads: readonly Head[], most: number): Head[] =>
  heads.toSorted((a, b) => b.at - a.at).slice(0, Math.max(1, Math.floor(most)));

function batchesOf(records: readonly Chained[]): Chained[][] {
  const batches: Chained[][] = [];
  let current: Chained[] = [];
  const end = (): void => {
    if (current.length > 0) batches.push(current);
    current = [];
  };
  for (const one of records) {
    if (one.linked.checkpoint) end();
    current.push(one);
    if (one.linked.checkpoint) end();
  }
  end();
  return batches;
}
