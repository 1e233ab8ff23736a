import {afterAll, afterEach, beforeEach, describe, expect, test} from '@jest/globals';
import {Redis} from 'ioredis';
import type {Position, SourceRecord} from '../../src/core/change.ts';
import {causeOf} from '../../src/core/letters/group.ts';
import type {DeadLetter} from '../../src/core/parked.ts';
import {createDeadLetters, type DeadLetterStage} from '../../src/stages/dead-letters/index.ts';
import {createHolds, type HoldStage} from '../../src/stages/holds/index.ts';
import {createLanes, type LaneStage} from '../../src/stages/lanes/index.ts';
import {createLeftovers} from '../../src/stages/leftovers/index.ts';
import {createState} from '../../src/stages/state/index.ts';
import {openRedis} from '../support/redis.ts';

const store = openRedis();
afterAll(() => store.close());
const ignore = (): void => undefined;
const log = {debug: ignore, info: ignore, warn: ignore, error: ignore};

let number = 0;
let now = 0;
let place: {redis: typeof store.redis; prefix: string; target: string; now: () => number};
let letters: DeadLetterStage;
let lanes: LaneStage;
let holds: HoldStage;
beforeEach(() => {
  now = 1_795_000_000_000;
  number += 1;
  place = {...store, target: `t${number}`, now: () => now};
  lanes = createLanes({...place, coalesce: true, log});
  letters = createDeadLetters({...place, wake: (subject, delayMs) => lanes.wake(subject, delayMs)});
  holds = createHolds({...place});
});
afterEach(() => lanes.stop());

const at = (offset: number, source = 1): Position => ({source, offset, occurredAt: 1_000_000 + offset});
const record = (offset: number): SourceRecord => ({
  topic: 'events',
  partition: 0,
  offset,
  timestamp: 1,
  key: Buffer.from('u'),
  value: Buffer.from([0, 200, offset]),
  headers: {},
});
const letter = (offset: number, more: Partial<DeadLetter> = {}): DeadLetter => ({
  id: `events/0/${offset}`,
  target: place.target,
  subject: 'u',
  kind: 'snapshot',
  saysMembers: false,
  failure: {kind: 'rejected', cause: '400', message: 'refused'},
  attempts: 1,
  firstAt: now,
  at: now,
  position: at(offset),
  record: record(offset),
  ...more,
});
const ids = (list: {id: string}[]): string[] => list.map(({id}) => id);
const overtaken = async (by: Position, members: boolean) =>
  ids(await letters.closeOvertaken('u', by, {members}));
const state = () => createState({...place, leaseMs: 30_000, guard: {maxLeavers: 3, perMs: 60_000}});

describe('dead letters', () => {
  test('one that comes twice is there once, with its bytes, and is counted by its last cause', async () => {
    await letters.add(letter(1));
    const second = letter(1, {failure: {kind: 'bug', cause: 'bug', message: 'an exception'}, attempts: 2});
    await letters.add(second);
    expect(await letters.get('events/0/1')).toEqual({...second, group: causeOf(second).id});
    expect(await letters.counts()).toEqual({bug: 1});
    expect(await letters.remove(['events/0/1', 'events/0/2'])).toMatchObject([second]);
    expect(await letters.remove(['events/0/1'])).toEqual([]);
    expect(await letters.remove([])).toEqual([]);
    expect(await letters.counts()).toEqual({});
    expect((await letters.list({limit: 5})).letters).toEqual([]);
    expect(await store.redis.keys(`{${store.prefix}:${place.target}}:dl*`)).toEqual([]);
  });

  test('writing one gives the lease back and moves the position', async () => {
    const claim = {op: 'user' as const, subject: 'u', position: at(5), vector: Buffer.from('v')};
    await state().claim('mine', [claim]);
    await letters.add(letter(5), {
      subject: 'u',
      token: 'mine',
      kind: 'user',
      position: at(5),
      maybeDone: false,
      decided: true,
      unwanted: false,
    });
    const {replies} = await state().claim('a', [{...claim, position: at(4)}, claim]);
    expect(replies.map(({verdict}) => verdict)).toEqual(['superseded', 'go']);
  });

  test('a copy is made once the letter is there, of one that comes twice too', async () => {
    const mirrored: string[] = [];
    const lost = new Redis({lazyConnect: true});
    lost.disconnect();
    letters = createDeadLetters({...place, mirror: ({id}) => void mirrored.push(id)});
    const adding = letters.add(letter(1));
    expect(mirrored).toEqual([]);
    await adding;
    await letters.add(letter(1));
    expect(mirrored).toEqual(['events/0/1', 'events/0/1']);
    const refused = createDeadLetters({...place, redis: lost, mirror: ({id}) => void mirrored.push(id)});
    await expect(refused.add(letter(2))).rejects.toThrow();
    expect(mirrored).not.toContain('events/0/2');
  });

  test('an answer that was cut in the middle of an emoji keeps no script from reading the letter', async () => {
    const exchange = {
      method: 'POST',
      url: 'https://wiki.example/Users',
      answerBody: `no ${'😀'.slice(0, 1)}`,
    };
    await letters.add(letter(1, {failure: {kind: 'rejected', cause: '400', message: 'refused', exchange}}));
    expect(await overtaken(at(2), true)).toHaveLength(1);
    expect(await letters.counts()).toEqual({});
  });

  test('pages hold each once, the oldest first, also of many in one millisecond', async () => {
    await Promise.all(Array.from({length: 1200}, (_, i) => letters.add(letter(i, {subject: `u${i % 7}`}))));
    now += 1;
    await letters.add(letter(5000, {subject: 'late'}));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await letters.list({limit: 250, cursor});
      seen.push(...ids(page.letters));
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(seen).toHaveLength(1201);
    expect(new Set(seen).size).toBe(1201);
    expect(seen.at(-1)).toBe('events/0/5000');
  });

  test('filters by cause, subject and time', async () => {
    await letters.add(letter(1, {subject: 'a'}));
    now += 10;
    await letters.add(letter(2, {subject: 'b', failure: {kind: 'bug', cause: 'bug', message: 'x'}}));
    now += 10;
    await letters.add(letter(3, {subject: 'a'}));
    const listed = async (filter: object) => ids((await letters.list({limit: 9, ...filter})).letters);
    expect(await listed({cause: '400'})).toEqual(['events/0/1', 'events/0/3']);
    expect(await listed({subject: 'a', since: now - 19})).toEqual(['events/0/3']);
    expect(await listed({since: now - 10, until: now - 10})).toEqual(['events/0/2']);
    expect(await listed({subject: 'nobody'})).toEqual([]);
  });

  test('a newer snapshot closes what it has overtaken, and never a cut-off, a delta or a newer one', async () => {
    await letters.add(letter(1));
    await letters.add(letter(2, {saysMembers: true}));
    await letters.add(letter(3, {kind: 'cutOff'}));
    await letters.add(letter(4, {kind: 'delta'}));
    await letters.add(letter(5, {kind: 'undecodable'}));
    await letters.add(letter(9));
    expect(await overtaken(at(8), false)).toEqual(['events/0/1']);
    expect(await overtaken(at(8), false)).toEqual([]);
    expect(await overtaken(at(8), true)).toEqual(['events/0/2']);
    expect(await overtaken({...at(0, 2), occurredAt: 1_000_000}, true)).toEqual([]);
    expect(await letters.counts()).toEqual({'400': 4});
  });
});

describe('retrying', () => {
  test('a letter goes back to its lane in one step, once, due at once', async () => {
    await letters.add(letter(1));
    await letters.add(
      letter(2, {kind: 'undecodable', failure: {kind: 'undecodable', cause: 'x', message: 'x'}}),
    );
    expect(
      (await letters.retry(['events/0/1', 'events/0/2', 'events/0/1'])).map(({result}) => result),
    ).toEqual(['retried', 'retried', 'gone']);
    expect(await lanes.head('u')).toMatchObject({
      id: 'events/0/1',
      force: true,
      attempts: 0,
      record: record(1),
    });
    expect(await lanes.parked()).toBe(2);
    expect(await letters.counts()).toEqual({});
    const {lanes: due} = await createLeftovers(place).find(now, 10);
    expect(due).toEqual(['u']);
  });

  test('one member goes back to its group', async () => {
    await letters.add(
      letter(1, {id: 'events/0/1/u', subject: 'g', kind: 'member', member: {subject: 'u', add: true}}),
    );
    expect(await letters.retry(['events/0/1/u'])).toEqual([
      {id: 'events/0/1/u', subject: 'g', result: 'retried'},
    ]);
    expect(await store.redis.smembers(`{${store.prefix}:${place.target}}:d:g`)).toEqual(['u']);
    expect((await createLeftovers(place).find(now, 10)).groups).toEqual(['g']);
  });

  test('a member whose news becomes a letter is no longer waited for', async () => {
    await store.redis.sadd(`{${store.prefix}:${place.target}}:d:g`, 'u');
    await store.redis.zadd(`{${store.prefix}:${place.target}}:dg`, 1, 'g');
    const member = letter(1, {subject: 'g', kind: 'member', member: {subject: 'u', add: false}});
    await letters.add(member, undefined, {added: [], removed: ['u']});
    expect((await createLeftovers(place).find(now, 10)).groups).toEqual([]);
  });

  test('what has no key or no record is refused and stays', async () => {
    const nobody = letter(1, {record: {...record(1), key: null}});
    delete nobody.subject;
    await letters.add(nobody);
    const bare = letter(2);
    delete bare.record;
    await letters.add(bare);
    const results = await letters.retry(['events/0/1', 'events/0/2']);
    expect(results.map(({result}) => result)).toEqual(['refused', 'refused']);
    expect(await letters.counts()).toEqual({'400': 2});
  });
});

describe('holds', () => {
  const leave = (offset: number) => ({
    id: `events/0/${offset}`,
    kind: 'cutOff' as const,
    saysMembers: false,
    position: at(offset),
    firstAt: now,
    attempts: 0,
    ageMs: 0,
    record: record(offset),
  });

  test('held twice is held once; an older one is refused; a newer decision ends it', async () => {
    expect(await holds.hold(leave(5), 'u')).toBe('held');
    expect(await holds.hold(leave(5), 'u')).toBe('held');
    expect(await holds.hold(leave(4), 'u')).toBe('overtaken');
    expect(await holds.list()).toEqual([{subject: 'u', heldAt: now, entry: leave(5)}]);
    expect(await holds.count()).toBe(1);
    await state().claim('a', [{op: 'user', subject: 'u', position: at(6), vector: Buffer.from('v')}]);
    expect(await holds.list()).toEqual([]);
    expect(await holds.approve(['u'], lanes)).toEqual([]);
  });

  test('approved it goes into its lane past the guard, once; discarded it is gone', async () => {
    await holds.hold(leave(5), 'u');
    await holds.hold(leave(6), 'v');
    expect((await holds.approve(['u', 'u'], lanes)).map(({subject}) => subject)).toEqual(['u']);
    expect(await lanes.head('u')).toEqual({...leave(5), approved: true});
    expect(await holds.discard(['v', 'v', 'w'], () => Promise.resolve())).toEqual(['v']);
    expect(await lanes.head('v')).toBeUndefined();
    expect(await holds.count()).toBe(0);
  });
});
