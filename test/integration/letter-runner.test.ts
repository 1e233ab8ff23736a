import {expect, test} from '@jest/globals';
import {Redis} from 'ioredis';
import {manifest} from '../../connectors/scim/manifest.ts';
import type {TargetConfig} from '../../src/config/schema.ts';
import {Gate} from '../../src/core/gate.ts';
import {createRetries, withRetries} from '../../src/target/retries.ts';
import {eventually} from '../support/eventually.ts';
import {fill, letterOf, rig, started} from './letter-retries-rig.ts';

const ignore = (): void => undefined;
const log = {debug: ignore, info: ignore, warn: ignore, error: ignore};
const never = (): never => {
  throw new Error('not asked for here');
};

/** A target's pipeline of which only its start and stop are seen. */
function beside(one: ReturnType<typeof rig>, redis: Redis) {
  const calls: string[] = [];
  const pipeline = {
    start: () => Promise.resolve(void calls.push('start')),
    stop: (graceMs: number) => Promise.resolve(void calls.push(`stop ${graceMs}`)),
    gateChanged: never,
    reopen: never,
  };
  const gate = new Gate({failures: 3, probeBaseDelayMs: 60_000, probeMaxDelayMs: 60_000}, Date.now, ignore);
  const target = {
    name: one.place.target,
    gate: {maxParked: 100},
    config: {profile: 'generic'},
  } as unknown as TargetConfig;
  const shared = {
    ...{redis, audit: {append: () => Promise.resolve()}},
    config: {redis: {prefix: one.place.prefix}} as Parameters<typeof withRetries>[1]['shared']['config'],
  };
  const connector = {manifest};
  const lanes = {wake: () => Promise.resolve()};
  let asked = 0;
  const seen = new Proxy(gate, {
    get(real, name) {
      if (name === 'state') asked += 1;
      return Reflect.get(real, name, real) as unknown;
    },
  });
  const around = {shared, connector, target, gate: seen, log, lanes, letters: one.letters};
  const retries = createRetries({...shared, prefix: one.place.prefix, lanes}, connector, target);
  return {calls, gate, asked: () => asked, retries, running: withRetries(pipeline, around)};
}

test('a service carries out what somebody has started, unless its gate is shut or its lanes are full', async () => {
  const one = rig();
  const group = await fill(one, 80);
  await started(one, group);
  const {calls, gate, asked, retries, running} = beside(one, one.place.redis);
  gate.close('down', 'the target is down');
  await running.start();
  await eventually(() => asked() > 1);
  expect(await retries.retryProgress(group)).toMatchObject({state: 'running', retried: 0});
  gate.reopen(true);
  const half = async () => (await one.parked()) >= 50;
  await eventually(half);
  expect(await retries.retryProgress(group)).toMatchObject({state: 'running', retried: 50});
  await one.place.redis.hset(one.key('n'), 'parked', 0);
  await eventually(async () => (await retries.retryProgress(group))?.state === 'done');
  await running.stop(1000);
  expect(calls).toEqual(['start', 'stop 900']);
  await one.letters.add(letterOf(1));
  await started(one, group);
  expect(await retries.retryProgress(group)).toMatchObject({state: 'running', retried: 0});
});

test('a stop waits for no Redis that is away', async () => {
  const lost = new Redis({port: 1, lazyConnect: true, maxRetriesPerRequest: null, retryStrategy: () => 1000});
  lost.on('error', ignore);
  const {calls, running} = beside(rig(), lost);
  await running.start();
  await running.stop(100);
  expect(calls).toEqual(['start', 'stop 90']);
  lost.disconnect();
});
