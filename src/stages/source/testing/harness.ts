import {randomUUID} from 'node:crypto';
import type {Kafka} from 'kafkajs';
import {Window, type Entry, type EntryKind} from '../../../core/window.ts';
import type {SourceRecord} from '../../../core/change.ts';
import {ok, type Result} from '../../../core/failure.ts';
import {createSource, type Lost, type Source, type SourceOptions} from '../index.ts';
import {memoryStore, type MemoryStore} from './store.ts';

export interface Harness {
  source: Source;
  window: Window;
  store: MemoryStore;
  groupId: string;
  /** Every entry that was settled as done, in that order; `topic/partition/offset`. */
  done: string[];
  superseded: string[];
  lost: Lost[];
  /** Messages of level warn and error. */
  said: string[];
  /** Takes and settles what there is now, and while `working` everything as it comes. */
  work(): void;
  working: boolean;
  /** What is not read now: answered `unavailable`. */
  unreadable: (record: SourceRecord) => boolean;
}

export interface HarnessOptions extends Partial<SourceOptions> {
  kafka: Kafka;
  maxChanges?: number;
  /** `false`: the window coalesces, and yet history is read in full. */
  catchUp?: boolean;
  store?: MemoryStore;
}

export const nameOf = ({record: {topic, partition, offset}}: Entry) => `${topic}/${partition}/${offset}`;

/** A record's value is the kind of its entry, with a `+` when it says members: `snapshot`, `snapshot+`, `cutOff`. */
function toEntry(record: SourceRecord, source: number): Entry {
  const value = record.value?.toString() ?? 'cutOff';
  return {
    record,
    source,
    subject: record.key?.toString() ?? '',
    occurredAt: record.timestamp,
    kind: value.replace('+', '') as EntryKind,
    saysMembers: value.endsWith('+'),
    bytes: (record.key?.length ?? 0) + value.length,
  };
}

/** A source with a window and a store in memory, and a worker that settles at once; short intervals throughout. */
export function harness({
  store = memoryStore(),
  maxChanges = 100_000,
  catchUp = true,
  ...more
}: HarnessOptions): Harness {
  const {coalesce = true} = more;
  const window = new Window({maxChanges, maxBytes: 64 * 2 ** 20, coalesce});
  const quiet = () => undefined;
  const say = (_fields: object, message: string) => void self.said.push(message);
  const settleSuperseded = (entries: Entry[]) => {
    self.superseded.push(...entries.map(nameOf));
    self.source.settled(entries);
  };
  const options: SourceOptions = {
    groupId: `group-${randomUUID()}`,
    topics: [],
    ownTopics: (topic) => topic.endsWith('.dead-letters'),
    sessionTimeoutMs: 6000,
    window,
    read: (record, source): Result<Entry> =>
      self.unreadable(record)
        ? {ok: false, failure: {kind: 'unavailable', message: 'registry', cause: 'registry'}}
        : ok(toEntry(record, source)),
    onSuperseded: (entries) => queueMicrotask(() => settleSuperseded(entries)),
    wake: () => {
      if (self.working) queueMicrotask(() => self.work());
    },
    onLost: (lost) => self.lost.push(lost),
    bookkeeping: store,
    log: {debug: quiet, info: quiet, warn: say, error: say},
    commitIntervalMs: 50,
    pollIntervalMs: 300,
    retryDelayMs: 50,
    ...more,
    coalesce: coalesce && catchUp,
  };
  const self: Harness = {
    source: createSource(options),
    window,
    store,
    groupId: options.groupId,
    done: [],
    superseded: [],
    lost: [],
    said: [],
    working: true,
    unreadable: () => false,
    work: () => {
      for (let units = window.take(64); units.length > 0; units = window.take(64)) {
        for (const unit of units) {
          window.done(unit);
          self.done.push(...unit.entries.map(nameOf));
          self.source.settled(unit.entries);
        }
      }
    },
  };
  return self;
}
