import {expect, test} from '@jest/globals';
import {startRedis} from '../../scripts/services/index.ts';
import type {LaneEntry, Release} from '../../src/core/parked.ts';
import {createLanes} from '../../src/stages/lanes/index.ts';
import {createRedis} from '../../src/stages/redis.ts';
import {eventually} from '../support/eventually.ts';

const position = {source: 1, offset: 1, occurredAt: 1};
const entry: LaneEntry = {
  id: 'events/0/1',
  kind: 'snapshot',
  saysMembers: false,
  position,
  firstAt: 1,
  attempts: 0,
  ageMs: 0,
};
const release: Release = {
  subject: 'u',
  kind: 'user',
  position,
  maybeDone: false,
  decided: false,
  unwanted: false,
};

test('a start while Redis is away waits until it is back', async () => {
  const said: string[] = [];
  const say = (_fields: object, message: string): void => void said.push(message);
  const log = {debug: say, info: say, warn: say, error: say};
  const service = await startRedis({log: () => undefined});
  const redis = createRedis({url: service.url}, {maxRetriesPerRequest: null});
  redis.on('error', () => undefined);
  await redis.connect();
  await service.stop();
  const lanes = createLanes({redis, prefix: 'p', target: 't', coalesce: true, log});
  const worked: string[] = [];
  const started = lanes.start((subject) => Promise.resolve(void worked.push(subject)));
  await eventually(() => said.length > 0, {what: 'trouble that is told'});
  await service.start();
  await started;
  await lanes.park(release, entry, 0);
  await eventually(() => worked.includes('u'), {what: 'a lane that is worked on'});
  await lanes.stop();
  redis.disconnect();
  await service.remove();
  expect(said).not.toContain('Trying a lane ended with an exception');
});
