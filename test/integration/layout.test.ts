import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, describe, expect, test} from '@jest/globals';
import {createLog, createRedactor} from '../../src/log.ts';
import {createBookkeeping} from '../../src/stages/bookkeeping/index.ts';
import {createDeadLetters} from '../../src/stages/dead-letters/index.ts';
import {createHands} from '../../src/stages/hands/index.ts';
import {createHolds} from '../../src/stages/holds/index.ts';
import {createLanes} from '../../src/stages/lanes/index.ts';
import {createLayout, currentLayout} from '../../src/stages/layout/index.ts';
import {createPauses} from '../../src/stages/pauses/index.ts';
import {createState} from '../../src/stages/state/index.ts';
import {readSubject} from '../../src/stages/state/subject.ts';
import {openLayouts, type Migration} from '../../src/target/layout.ts';
import {openRedis} from '../support/redis.ts';
import {openTerminal} from '../support/terminal.ts';

const store = openRedis();
afterAll(() => store.close());

const {signal} = new AbortController();
const now = 1_795_000_000_000;

let number = 0;
/** One target's place, with nothing in it. */
function place() {
  number += 1;
  const target = `t${number}`;
  const where = {...store, target, now: () => now};
  const key = (name: string): string => `{${store.prefix}:${target}}:${name}`;
  const open = (...known: Parameters<typeof openLayouts> extends [unknown, ...infer Rest] ? Rest : never) =>
    openLayouts({...store, targets: [target], signal}, ...known);
  return {where, key, open, layout: () => store.redis.get(key('layout'))};
}

interface Kept {
  name: string;
  kind: string;
  values: string[];
}

const write = {string: 'SET', hash: 'HSET', list: 'RPUSH', set: 'SADD', zset: 'ZADD'} as const;

/** Puts what an earlier version wrote in its place (test/history/write.ts). */
async function restore(layout: number, key: (name: string) => string): Promise<void> {
  const file = join(import.meta.dirname, `../history/redis-${layout}.json`);
  for (const {name, kind, values} of JSON.parse(readFileSync(file, 'utf8')) as Kept[]) {
    const texts = values.map((value) => Buffer.from(value, 'base64'));
    // A sorted set is read as member and score, and written as score and member.
    const args =
      kind === 'zset' ? texts.map((_, i) => texts[i + (i % 2 === 0 ? 1 : -1)] ?? Buffer.alloc(0)) : texts;
    await store.redis.call(write[kind as keyof typeof write], key(name), ...args);
  }
}

const log = createLog({
  ...{level: 'error', redactor: createRedactor()},
  destination: {write: () => undefined},
});

describe('the number of the layout', () => {
  test('is given to data that is new, and asked of what is there', async () => {
    const {open, layout, where} = place();
    expect(await createLayout(where).read()).toBeUndefined();
    expect(await open()).toEqual([]);
    expect(await layout()).toBe(String(currentLayout));
    expect(await open()).toEqual([]);
    expect(await createLayout(where).read()).toBe(currentLayout);
  });

  test.each(['7', 'x'])('%s is refused before anything is changed, also at another target', async (found) => {
    const [newer, older] = [place(), place()];
    await store.redis.set(newer.key('layout'), found);
    await store.redis.set(older.key('epoch'), 'e');
    const targets = [older.where.target, newer.where.target];
    expect(await openLayouts({...store, targets, signal})).toEqual([
      expect.stringMatching(
        new RegExp(`expected data in layout ${currentLayout} or older under .*, found layout (7|NaN)`),
      ),
    ]);
    expect(await store.redis.keys(older.key('*').replaceAll(/[{}]/g, '\\$&'))).toEqual([older.key('epoch')]);
  });

  test('stands for migrations that are done in turn, each once begun again until it has ended', async () => {
    const {open, layout, where, key} = place();
    await store.redis.set(key('epoch'), 'e');
    const done: number[] = [];
    const step =
      (from: number): Migration =>
      ({target}) => {
        expect(target).toBe(where.target);
        done.push(from);
        return Promise.resolve();
      };
    const failing: Migration = () => Promise.reject(new Error('Redis went away'));
    const first = new Map([
      [0, step(0)],
      [1, failing],
    ]);
    await expect(open({current: 2, migrations: first})).rejects.toThrow('Redis went away');
    expect({done, at: await layout()}).toEqual({done: [0], at: '1'});
    const all = new Map([0, 1, 2].map((from) => [from, step(from)]));
    expect(await open({current: 3, migrations: all})).toEqual([]);
    expect({done, at: await layout()}).toEqual({done: [0, 1, 2], at: '3'});
  });

  test('is left alone by a migration that was stopped, and by the slower of two', async () => {
    const {layout, where, key} = place();
    await store.redis.set(key('epoch'), 'e');
    const stop = new AbortController();
    const stopped: Migration = () => {
      stop.abort();
      return Promise.resolve();
    };
    const known = {current: 1, migrations: new Map([[0, stopped]])};
    await openLayouts({...store, targets: [where.target], signal: stop.signal}, known);
    expect(await layout()).toBeNull();
    await store.redis.set(key('layout'), '2');
    expect(await createLayout(where).move(0, 1)).toBe(2);
    expect(await layout()).toBe('2');
  });
});

describe('a newer layout', () => {
  const {key, where} = place();
  const terminal = openTerminal({
    redis: {url: `redis://${store.redis.options.host}:${store.redis.options.port}/0`, prefix: where.prefix},
    kafka: {brokers: ['127.0.0.1:1']},
    registry: {url: 'http://127.0.0.1:1'},
    admin: {port: 0},
    log: {level: 'error'},
    targets: {
      [where.target]: {
        connector: 'scim',
        config: {baseUrl: 'http://127.0.0.1:1', auth: {bearer: 'none'}},
      },
    },
  });

  test('ends the service and the commands with 1 and the reason, and check says so', async () => {
    await store.redis.set(key('layout'), '9');
    const listed = await terminal('dead-letters list');
    expect(listed).toMatchObject({code: 1, complaints: [expect.stringContaining('found layout 9')]});
    expect((await terminal('run')).code).toBe(1);
    const {checks} = (await terminal('check')).result as {checks: object[]};
    const detail: unknown = expect.stringContaining('found layout 9');
    expect(checks).toContainEqual(expect.objectContaining({check: 'redis', verdict: 'wrong', detail}));
    const left = (await store.redis.keys(`*${where.prefix}*`)).filter((name) => name.startsWith(key('')));
    expect(left).toEqual([key('layout')]);
  });
});

/** What the program at d830abe kept, and one letter of 0.1.0. */
describe('data without a number', () => {
  const user = (subject: string, offset: number, more = {}) => ({
    ...{op: 'user' as const, subject, vector: Buffer.from(`v${offset}`), ...more},
    position: {source: 1, offset, occurredAt: 1_700_000_000_000 + offset},
  });

  test('is brought to this layout with all that was decided', async () => {
    const {open, layout, where, key} = place();
    await restore(0, key);
    expect(await createLayout(where).read()).toBe(0);
    expect(await open()).toEqual([]);
    expect(await layout()).toBe('1');

    const state = createState({...where, leaseMs: 30_000, guard: {maxLeavers: 2, perMs: 60_000}});
    const claim = async (one: Parameters<typeof state.claim>[1][number]) =>
      (await state.claim('reader', [one])).replies[0];
    // Fences and digests.
    expect((await claim(user('here', 4)))?.verdict).toBe('superseded');
    expect((await claim(user('here', 5, {managerId: 'boss'})))?.verdict).toBe('unchanged');
    expect((await claim(user('left', 6)))?.verdict).toBe('superseded');
    expect((await claim(user('doubtful', 12)))?.verdict).toBe('leased');
    // A cut-off that has begun stays one, whatever newer events say.
    expect((await readSubject(where, 'leaving')).cutOffBegunAt).toBe(now);
    expect(await claim(user('leaving', 20))).toMatchObject({verdict: 'go', cutOffBegunAt: now});
    expect((await readSubject(where, 'left')).cutOffBegunAt).toBeUndefined();
    // Whose an account is.
    expect((await claim(user('thief', 21)))?.verdict).toBe('go');
    const adoption = {subject: 'thief', token: 'reader', kind: 'user' as const, isLeave: false};
    const taken = {...adoption, remoteId: 'remote-here', position: user('thief', 21).position};
    expect(await state.adopt({...taken, approved: false})).toEqual({answer: 'conflict', holder: 'here'});
    // Memberships, told and waiting, and a manager who is awaited.
    expect((await readSubject(where, 'here')).state).toMatchObject({
      groups: ['team'],
      remoteId: 'remote-here',
    });
    expect(await readSubject(where, 'absent')).toMatchObject({waitsForGroups: ['team']});
    expect((await readSubject(where, 'here')).waitsForManager).toBe('boss');
  });

  test('with its lanes, letters, holds, marks, pause and places in Kafka', async () => {
    const {open, where, key} = place();
    await restore(0, key);
    await open();
    const lanes = createLanes({...where, coalesce: true, log});
    const letters = createDeadLetters(where);
    const {lane} = await readSubject(where, 'parked');
    expect(lane.map(({id, attempts}) => ({id, attempts}))).toEqual([
      {id: 'events/0/14', attempts: 1},
      {id: 'events/0/15', attempts: 1},
    ]);
    expect(lane[0]?.record?.value).toEqual(Buffer.from([0, 0, 0, 0, 1, 255]));
    expect(await lanes.counts()).toMatchObject({parked: 3});
    await lanes.stop();
    const ids = (await letters.list({limit: 10})).letters.map(({id}) => id);
    expect(ids.sort()).toEqual(['events/0/16', 'events/0/17']);
    const groups = await letters.groups();
    expect(groups.map(({cause, count}) => ({cause, count}))).toEqual(
      expect.arrayContaining([
        {cause: '400 invalidValue', count: 1},
        {cause: '409 uniqueness', count: 1},
      ]),
    );
    expect(await createHolds(where).list()).toMatchObject([{subject: 'held', heldAt: now}]);
    expect(await createHands(where).read('marked')).toEqual({by: 'ann', at: now, reason: 'lost laptop'});
    expect(await createPauses(where).read()).toMatchObject({by: 'ann', reason: 'a freeze'});
    const kept = createBookkeeping({...where, fsyncIntervalMs: 0});
    expect(await kept.load('events', 0)).toEqual({incarnation: 0, watermark: 42});
    expect([await kept.epoch(), await kept.intern('events', 0, 0)]).toEqual(['the-epoch', 1]);
  });
});
