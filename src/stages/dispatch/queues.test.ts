import {beforeEach, describe, expect, test} from '@jest/globals';
import {Window} from '../../core/window.ts';
import {Queues, type QueuesContext, type Which} from './queues.ts';
import type {Work} from './work.ts';

const names = (kind: string, count: number): string[] => Array.from({length: count}, (_, i) => `${kind}${i}`);
const ignore = (): void => undefined;

let window: Window;
let due: string[];
let context: QueuesContext;
beforeEach(() => {
  window = new Window({maxChanges: 1e5, maxBytes: 1e8, coalesce: true});
  due = [];
  context = {
    ...{
      target: 't',
      window,
      now: () => 1_000_000,
      log: {debug: ignore, info: ignore, warn: ignore, error: ignore},
    },
    leftovers: {
      find: () => Promise.resolve({groups: [], people: [], lanes: []}),
      deletions: () => Promise.resolve(due),
    },
    lanes: {wake: () => Promise.resolve()},
    gate: {opensLanes: true, opensCutOffs: true},
  };
});

const read = (subject: string, kind: 'snapshot' | 'cutOff' = 'snapshot'): void => {
  const record = {
    topic: 'events',
    partition: 0,
    offset: 1,
    timestamp: 0,
    key: null,
    value: null,
    headers: {},
  };
  window.offer({record, source: 1, subject, occurredAt: 1, kind, saysMembers: false, bytes: 1});
};
const entry = (offset: number) => ({
  ...{
    id: `events/0/${offset}`,
    kind: 'snapshot' as const,
    saysMembers: false,
    firstAt: 0,
    attempts: 1,
    ageMs: 0,
  },
  position: {source: 1, offset, occurredAt: 1},
});
const open = (): Queues =>
  new Queues(
    context,
    {
      ofUnit: (unit) => Promise.resolve({from: 'window', subject: unit.subject, unit, tasks: []}),
      ofLane: (subject, turned) => Promise.resolve({from: 'lane', subject, entry: entry(1), turned}),
    },
    ignore,
    ignore,
  );

/** What is handed out, one batch after another, until there is nothing more. */
async function handedOut(queues: Queues, max: number): Promise<Work['from'][][]> {
  const batches: Work['from'][][] = [];
  for (;;) {
    const works = await queues.next(max, 'all');
    if (works.length === 0) return batches;
    batches.push(works.map(({from}) => from));
    for (const work of works) queues.leave(work, {outcome: 'applied'});
  }
}

describe('what is new', () => {
  test.each([
    ['people whose manager has come', (queues: Queues) => queues.addPeople(names('p', 100))],
    ['groups', (queues: Queues) => queues.addGroups(names('g', 100))],
    ['lanes', (queues: Queues) => void names('l', 100).map((subject) => queues.lane(subject))],
  ])('has half of the room beside many %s, and they all of it afterwards', async (_, add) => {
    const queues = open();
    add(queues);
    for (const subject of names('w', 40)) read(subject);
    const batches = await handedOut(queues, 10);
    for (const batch of batches.slice(0, 8))
      expect(batch.filter((from) => from === 'window')).toHaveLength(5);
    expect(batches.map(({length}) => length)).toEqual(Array(14).fill(10));
  });

  test('has its turn where slots come free one at a time', async () => {
    const queues = open();
    for (const subject of names('l', 20)) void queues.lane(subject);
    for (const subject of names('w', 20)) read(subject);
    const first = (await handedOut(queues, 1)).slice(0, 20).flat();
    expect(first.filter((from) => from === 'window')).toHaveLength(10);
  });
});

const leavers = names('leaver', 3);
const subjectsOf = (works: readonly Work[]): string[] => works.map(({subject}) => subject);

describe('leavers who are parked', () => {
  test.each<[Which, number]>([
    ['all', 1],
    ['parked', 1],
    ['cutOffs', 4],
  ])('go before all joiners who are, where %s is handed out', async (which, max) => {
    const queues = open();
    for (const subject of names('l', 500)) void queues.lane(subject);
    for (const subject of leavers) void queues.lane(subject, true);
    queues.addGroups(names('g', 100));
    for (const subject of names('w', 100)) read(subject);
    const handed: string[] = [];
    for (let i = 0; i < leavers.length; i += 1) {
      const works = await queues.next(max, which);
      handed.push(...subjectsOf(works));
      for (const work of works) queues.leave(work, {outcome: 'applied'});
    }
    expect(handed).toEqual(leavers);
  });

  test('and new ones have half of the room each, in turn', async () => {
    const queues = open();
    for (const subject of names('leaver', 20)) void queues.lane(subject, true);
    for (const subject of names('new', 20)) read(subject, 'cutOff');
    for (const subject of names('l', 20)) void queues.lane(subject);
    const first = (await handedOut(queues, 1)).slice(0, 40).flat();
    expect(first.slice(0, 20).filter((from) => from === 'window')).toHaveLength(10);
    expect(first.filter((from) => from === 'window')).toHaveLength(20);
  });

  test('one who is waited for as a joiner already goes first from then on', async () => {
    const queues = open();
    for (const subject of names('l', 10)) void queues.lane(subject);
    void queues.lane('l9', true);
    expect(subjectsOf(await queues.next(1, 'cutOffs'))).toEqual(['l9']);
  });
});

test('a gate that closes lets go of who waits for a lane, but for those that it lets through', async () => {
  const queues = open();
  const kept = queues.lane('joiner');
  const passes = queues.lane('leaver', true);
  queues.releaseLanes(true);
  expect(await kept).toBe('released');
  const [work] = await queues.next(1, 'through');
  expect(work).toMatchObject({from: 'lane', subject: 'leaver', through: true});
  if (work) queues.leave(work, {outcome: 'applied'});
  expect(await passes).toBe('turned');
  expect(await queues.next(1, 'all')).toEqual([]);
});

test('lanes, groups and people have their turns too', async () => {
  const queues = open();
  for (const subject of names('l', 30)) void queues.lane(subject);
  queues.addGroups(names('g', 30));
  queues.addPeople(names('p', 30));
  const first = (await handedOut(queues, 1)).slice(0, 30).flat();
  for (const from of ['lane', 'sync', 'reference'] as const)
    expect(first.filter((one) => one === from)).toHaveLength(10);
});

describe('accounts whose time is over', () => {
  test.each([
    ['are deleted where the target gives them a time', 1, [['delete']]],
    ['are let be where it gives them none any more', undefined, []],
  ])('%s', async (_, deleteAfterMs, batches) => {
    due = ['ada'];
    context = {...context, ...(deleteAfterMs !== undefined && {deleteAfterMs})};
    const queues = open();
    await queues.sweep(0);
    expect(await handedOut(queues, 10)).toEqual(batches);
  });
});
