import {afterAll, beforeEach, describe, expect, test} from '@jest/globals';
import {createBookkeeping} from '../../src/stages/bookkeeping/index.ts';
import type {Bookkeeping} from '../../src/stages/source/types.ts';
import {openRedis} from '../support/redis.ts';

const store = openRedis();
afterAll(() => store.close());

let target = 0;
let kept: Bookkeeping;
const open = (fsyncIntervalMs?: number): Bookkeeping =>
  createBookkeeping({
    ...store,
    target: `t${target}`,
    ...(fsyncIntervalMs !== undefined && {fsyncIntervalMs}),
  });
beforeEach(() => {
  target += 1;
  kept = open();
});

describe('bookkeeping', () => {
  test('an incarnation of a partition has one number, at every replica, and no other has it', async () => {
    const other = open();
    const asked = [0, 1, 2].flatMap((partition) => [
      kept.intern('events', partition, 0),
      other.intern('events', partition, 0),
      kept.intern('events', partition, 1),
    ]);
    const [a, b, c, ...rest] = await Promise.all(asked);
    expect(a).toBe(b);
    expect(new Set([a, b, c, ...rest])).toEqual(new Set([1, 2, 3, 4, 5, 6]));
    expect(await other.intern('events', 0, 0)).toBe(a);
  });

  test('watermarks are kept, and forgotten with their incarnation', async () => {
    expect(await kept.load('events', 0)).toEqual({incarnation: 0, watermark: undefined});
    await kept.saveWatermarks([]);
    await kept.saveWatermarks([
      {topic: 'events', partition: 0, watermark: 7},
      {topic: 'events', partition: 1, watermark: 0},
    ]);
    expect(await open().load('events', 0)).toEqual({incarnation: 0, watermark: 7});
    await kept.saveWatermarks([{topic: 'events', partition: 0, watermark: 3}]);
    expect(await kept.load('events', 0)).toEqual({incarnation: 0, watermark: 7});
    expect(await kept.nextIncarnation('events', 0)).toBe(1);
    expect(await kept.load('events', 0)).toEqual({incarnation: 1, watermark: undefined});
    expect(await kept.load('events', 1)).toEqual({incarnation: 0, watermark: 0});
  });

  test('the epoch stays until Redis is wiped', async () => {
    const [epoch, same] = await Promise.all([kept.epoch(), open().epoch()]);
    expect(epoch).toMatch(/^[0-9a-f-]{36}$/);
    expect(same).toBe(epoch);
    await store.redis.unlink(`{${store.prefix}:t${target}}:epoch`);
    expect(await kept.epoch()).not.toBe(epoch);
  });

  test('the run and its fsync interval are those of Redis, unless told', async () => {
    const info = await store.redis.info('server');
    expect(info).toContain(`run_id:${await kept.runId()}`);
    const isAppendOnly = (await store.redis.info('persistence')).includes('aof_enabled:1');
    expect(kept.fsyncIntervalMs).toBe(isAppendOnly ? 2000 : 0);
    const told = open(123);
    await told.runId();
    expect(told.fsyncIntervalMs).toBe(123);
  });
});
