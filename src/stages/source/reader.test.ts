import {expect, test} from '@jest/globals';
import fc from 'fast-check';
import {Kafka, type RecordBatchEntry} from 'kafkajs';
import {ok, type Result} from '../../core/failure.ts';
import {Progress} from '../../core/progress.ts';
import {Window, type Entry, type EntryKind} from '../../core/window.ts';
import {Assignment, newAssigned, type Assigned} from './assigned.ts';
import {Scan} from './catch-up.ts';
import {Flow} from './flow.ts';
import {Reader} from './reader.ts';
import {memoryStore} from './testing/store.ts';
import {Troubles} from './troubles.ts';
import type {SourceOptions} from './types.ts';

interface Logged {
  kind: EntryKind;
  subject: string;
  gap: number;
}

type Step = {do: 'fetch'; most: number} | {do: 'work'; units: number} | {do: 'hold' | 'fail'; on: boolean};

interface Script {
  log: Logged[];
  steps: Step[];
  late: boolean;
  catchUp: boolean;
}

const quiet = {debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined};

/** A partition as Kafka has it, a window of four, and a worker: what the source does between fetches, step by step. */
function simulate({log, late, catchUp}: Script) {
  let next = 0;
  const messages = log.map(({kind, subject, gap}): RecordBatchEntry => {
    next += gap + 1;
    const offset = String(next - 1);
    return {
      key: Buffer.from(subject),
      value: Buffer.from(kind),
      offset,
      timestamp: offset,
      attributes: 0,
      headers: {},
    };
  });
  const window = new Window({maxChanges: 4, maxBytes: 1e6, coalesce: true});
  const state = {failing: false, settled: [] as number[]};
  const settle = (entries: readonly Entry[]) => {
    for (const {record} of entries) {
      expect(assigned.progress.settle(record.offset)).toBe(true);
      state.settled.push(record.offset);
    }
    flow.update();
  };
  const read = (record: Entry['record'], source: number): Result<Entry> => {
    if (state.failing) return {ok: false, failure: {kind: 'unavailable', message: '', cause: ''}};
    const kind = record.value?.toString() as EntryKind;
    const subject = record.key?.toString() ?? '';
    return ok({record, source, subject, kind, saysMembers: false, bytes: 1, occurredAt: record.offset});
  };
  const options: SourceOptions = {
    kafka: new Kafka({brokers: ['127.0.0.1:1']}),
    groupId: 'g',
    topics: ['t'],
    ownTopics: () => false,
    sessionTimeoutMs: 6000,
    window,
    coalesce: true,
    read: (record, source) => (late ? Promise.resolve(read(record, source)) : read(record, source)),
    onSuperseded: settle,
    wake: () => undefined,
    bookkeeping: memoryStore(),
    log: quiet,
    commitIntervalMs: 1000,
    maxAhead: 2,
  };
  const assigned: Assigned = {...newAssigned('t', 0), progress: new Progress(0), source: 0, end: next};
  const assignment = new Assignment();
  assignment.set(assigned);
  const flow = new Flow(options, assignment, {
    seek: () => undefined,
    pause: () => undefined,
    resume: () => undefined,
  });
  const reader = new Reader(options, flow, new Troubles(quiet));
  const scanning = catchUp && next > 0;
  const scan = new Scan();
  log.forEach(({kind, subject}, index) => {
    scan.note({kind, subject, saysMembers: false, occurredAt: index}, Number(messages[index]?.offset));
  });
  const wanted = scan.select();
  assigned.phase = scanning ? 'scanning' : 'reading';
  assigned.scan = scanning ? new Scan() : undefined;
  assigned.catchUpTo = scanning ? next : 0;
  flow.steer(assigned);
  return {
    window,
    flow,
    assigned,
    state,
    end: next,
    wanted: messages.map(({offset}) => Number(offset)).filter((offset) => !scanning || wanted.has(offset)),
    offsets: messages.map(({offset}) => Number(offset)),
    /** Hands over at most `most` records from where the flow wants them; the last batch reaches the end of the log. */
    fetch: async (most: number) => {
      if (assigned.paused) return;
      const left = messages.filter(({offset}) => Number(offset) >= assigned.position);
      const batch = left.slice(0, most);
      const to = batch.length === left.length ? next : Number(batch.at(-1)?.offset) + 1;
      await reader.consume(assigned, {messages: batch, next: to, heartbeat: () => Promise.resolve()});
    },
    work: (units: number) => {
      for (const unit of window.take(units)) {
        window.done(unit);
        settle(unit.entries);
      }
    },
  };
}

const scripts: fc.Arbitrary<Script> = fc.record({
  log: fc.array(
    fc.record({
      kind: fc.constantFrom<EntryKind>('snapshot', 'cutOff', 'none'),
      subject: fc.integer({min: 1, max: 20}).map(String),
      gap: fc.constantFrom(0, 0, 0, 2),
    }),
    {minLength: 5, maxLength: 60},
  ),
  steps: fc.array(
    fc.oneof(
      fc.record({do: fc.constant('fetch' as const), most: fc.integer({min: 1, max: 12})}),
      fc.record({do: fc.constant('work' as const), units: fc.integer({min: 1, max: 4})}),
      fc.record({do: fc.constantFrom('hold' as const, 'fail' as const), on: fc.boolean()}),
    ),
    {maxLength: 40},
  ),
  late: fc.boolean(),
  catchUp: fc.boolean(),
});

test('however reading, working, holding and failing alternate, every record is settled once and none is passed', async () => {
  await fc.assert(
    fc.asyncProperty(scripts, async (script) => {
      const run = simulate(script);
      const {progress} = run.assigned;
      const check = () => {
        expect(run.window.size).toBeLessThanOrEqual(4 + 2);
        if (script.catchUp) return;
        const unsettled = run.offsets.find((offset) => !run.state.settled.includes(offset)) ?? run.end;
        expect(progress.watermark).toBeLessThanOrEqual(unsettled);
      };
      for (const step of script.steps) {
        if (step.do === 'fetch') await run.fetch(step.most);
        else if (step.do === 'work') run.work(step.units);
        else if (step.do === 'hold') run.flow.setHolding(step.on);
        else run.state.failing = step.on;
        check();
      }
      run.flow.setHolding(false);
      run.state.failing = false;
      for (let round = 0; round < 200 && progress.watermark < run.end; round += 1) {
        run.flow.retryStalled();
        await run.fetch(7);
        run.work(2);
        check();
      }
      expect(progress.watermark).toBe(run.end);
      expect(run.window.size).toBe(0);
      const settled = run.state.settled.toSorted((a, b) => a - b);
      expect(new Set(settled).size).toBe(settled.length);
      expect(settled).toEqual(run.wanted);
    }),
    {numRuns: 500},
  );
});
