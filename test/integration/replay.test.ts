import {afterAll, beforeEach, expect, test} from '@jest/globals';
import type {AuditRecord} from '../../src/core/audit.ts';
import type {LaneEntry} from '../../src/core/parked.ts';
import {createBookkeeping} from '../../src/stages/bookkeeping/index.ts';
import {createDeadLetters} from '../../src/stages/dead-letters/index.ts';
import {createHolds} from '../../src/stages/holds/index.ts';
import {createLanes} from '../../src/stages/lanes/index.ts';
import type {ReadBack} from '../../src/stages/source/read-back.ts';
import {createState} from '../../src/stages/state/index.ts';
import {replaySubject} from '../../src/target/replay.ts';
import {openRedis} from '../support/redis.ts';

const store = openRedis();
const ignore = (): void => undefined;
const log = {debug: ignore, info: ignore, warn: ignore, error: ignore};
const closes: (() => Promise<void>)[] = [() => store.close()];
afterAll(async () => {
  for (const close of closes.reverse()) await close();
});

const recordAt = (offset: number) => ({
  ...{topic: 'events', partition: 2, offset, timestamp: 1, key: Buffer.from('ada')},
  ...{value: Buffer.from('bytes'), headers: {}},
});

let targets = 0;
/** A target at which `ada` was decided by the record at offset 7; Kafka answers as it is told. */
async function decided() {
  const where = {...store, target: `r${(targets += 1)}`};
  const books = createBookkeeping({...where, fsyncIntervalMs: 1});
  const source = await books.intern('events', 2, 0);
  const state = createState({...where, leaseMs: 60_000, guard: {maxLeavers: 9, perMs: 1000}});
  const position = (offset: number) => ({source, offset, occurredAt: 1000 + offset});
  const claim = (offset: number, op: 'user' | 'leave' = 'user') =>
    state.claim(`token${offset}`, [
      {op, subject: 'ada', position: position(offset), vector: Buffer.from(`vector of ${offset}`)},
    ]);
  await claim(7);
  await state.settle([
    {
      ...{subject: 'ada', token: 'token7', kind: 'user', position: position(7), moves: true},
      ...{result: {done: true}, remoteId: 'remote', vector: Buffer.from('vector'), active: true},
    },
  ]);
  const lanes = createLanes({...where, coalesce: true, log});
  closes.push(() => lanes.stop());
  const letters = createDeadLetters(where);
  const made = {answer: {record: recordAt(7)} as ReadBack, asked: [] as object[], audit: [] as AuditRecord[]};
  const by = {notes: [] as string[], note: (): Promise<void> => Promise.resolve()};
  const replay = (subject = 'ada') =>
    replaySubject(
      {
        ...{...where, lanes, letters},
        audit: {append: (records) => Promise.resolve(void made.audit.push(...records))},
        asked: (record) => {
          by.notes.push(record);
          return by.note();
        },
        readBack: (place) => {
          made.asked.push(place);
          return Promise.resolve(made.answer);
        },
      },
      subject,
      new AbortController().signal,
    );
  const parked = (offset: number, more: Partial<LaneEntry> = {}): LaneEntry => ({
    ...{id: `events/2/${offset}`, kind: 'snapshot', saysMembers: false, record: recordAt(offset)},
    ...{position: position(offset), firstAt: 1, attempts: 3, ageMs: 50, ...more},
  });
  return {where, books, claim, lanes, letters, made, by, replay, parked, position};
}
type Decided = Awaited<ReturnType<typeof decided>>;
let here: Decided;
beforeEach(async () => {
  here = await decided();
});
const behind = {subject: 'ada', kind: 'user', maybeDone: false, decided: false, unwanted: false} as const;

test('its last event stands in its lane with force, once that is written down; twice, it stands there once', async () => {
  const {replay, made, by, lanes} = here;
  for (let times = 1; times <= 2; times += 1)
    expect(await replay()).toMatchObject({result: 'replayed', record: 'events/2/7', subject: 'ada'});
  expect(made.asked).toEqual([{topic: 'events', partition: 2, offset: 7}]);
  expect(await lanes.parked()).toBe(1);
  expect(await lanes.due('ada')).toMatchObject({
    ...{id: 'events/2/7', kind: 'snapshot', force: true, attempts: 0},
    record: {value: Buffer.from('bytes')},
  });
  expect(by.notes).toEqual(['events/2/7', 'events/2/7']);
});

test('a leave is told again before all else, and what it takes the place of is audited', async () => {
  const {replay, made, lanes, claim, parked, position} = here;
  await lanes.park({...behind, position: position(6)}, parked(6), 60_000);
  await claim(8, 'leave');
  made.answer = {record: recordAt(8)};
  expect(await replay()).toMatchObject({result: 'replayed', record: 'events/2/8'});
  expect(await lanes.due('ada')).toMatchObject({id: 'events/2/8', kind: 'cutOff', force: true});
  expect(await lanes.parked()).toBe(1);
  expect(made.audit.at(-1)).toMatchObject({outcome: 'superseded', offset: 6, subject: 'ada'});
});

test('what is parked or a dead letter needs no Kafka: it goes on from where it is', async () => {
  const {replay, made, lanes, letters, parked, position} = here;
  made.answer = {unreachable: 'no broker'};
  await lanes.park({...behind, position: position(7)}, parked(7), 60_000);
  expect(await lanes.due('ada')).toBeUndefined();
  expect(await replay()).toMatchObject({result: 'replayed'});
  expect(await lanes.due('ada')).toMatchObject({id: 'events/2/7', force: true});
  await lanes.turn({...behind, position: position(7)}, 'events/2/7');
  const failure = {kind: 'rejected', cause: '400', message: 'no'} as const;
  await letters.add({...parked(7), target: here.where.target, subject: 'ada', failure, at: 1});
  expect(await replay()).toMatchObject({result: 'replayed'});
  expect(await letters.get('events/2/7')).toBeUndefined();
  expect(await lanes.due('ada')).toMatchObject({id: 'events/2/7', force: true});
  expect(made.asked).toEqual([]);
});

test.each<[string, (at: Decided) => Promise<unknown> | undefined, object]>([
  [
    'deleted by retention',
    ({made}) => void (made.answer = {gone: 'retention has deleted it'}),
    {result: 'refused', reason: 'its last event, events/2/7, is gone: retention has deleted it'},
  ],
  [
    'Kafka away',
    ({made}) => void (made.answer = {unreachable: 'no broker'}),
    {result: 'unreachable', reason: expect.stringContaining('no broker')},
  ],
  [
    'a topic that was made anew',
    ({books}) => books.nextIncarnation('events', 2),
    {result: 'refused', reason: expect.stringContaining('made anew')},
  ],
  [
    'a Redis that was restored from before',
    ({where}) => where.redis.del(`{${where.prefix}:${where.target}}:src`),
    {result: 'refused', reason: expect.stringContaining('does not know any more')},
  ],
  [
    'held for a person',
    ({where, parked}) => createHolds(where).hold(parked(7, {kind: 'cutOff'}), 'ada'),
    {result: 'refused', reason: expect.stringContaining('is held')},
  ],
])('%s: said, and nothing is parked or audited', async (_, change, result) => {
  await change(here);
  expect(await here.replay()).toMatchObject(result);
  expect(await here.lanes.parked()).toBe(0);
  expect(here.by.notes).toEqual([]);
});

test('what can not be written down is not done', async () => {
  here.by.note = () => Promise.reject(new Error('the disk is full'));
  expect(await here.replay()).toMatchObject({
    ...{result: 'refused', reason: 'the audit can not be written: the disk is full'},
  });
  expect(await here.lanes.parked()).toBe(0);
});

test('somebody nobody knows', async () => {
  expect(await here.replay('nobody')).toEqual({
    ...{target: here.where.target, subject: 'nobody', result: 'unknown'},
  });
});
