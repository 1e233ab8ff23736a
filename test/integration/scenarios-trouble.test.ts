import {expect, jest, test} from '@jest/globals';
import {startRedis} from '../../scripts/services/index.ts';
import type {Target} from '../../src/target.ts';
import {openWire} from '../faults/wire.ts';
import {eventually} from '../support/eventually.ts';
import {services} from '../support/services.ts';
import {closing, leave, scene, user, type Said, type Scene} from './scenarios-rig.ts';

jest.setTimeout(120_000);

const noEvent = (key: string): Said => ({key, body: Buffer.from(`${key}: no event`)});
const crowd = (count: number): string[] => Array.from({length: count}, (_, index) => `p${index}`);
/** Shut, it is asked again in a minute: longer than a test. */
const patient = {gate: {failures: 5, probeBaseDelayMs: 60_000, probeMaxDelayMs: 60_000}};
const shut = ({gate}: Target): Promise<boolean> =>
  eventually(() => gate.state.state === 'shut', {what: 'a shut gate'});
const letterCount = async ({letters}: Scene): Promise<number> =>
  Object.values(await letters.counts()).reduce((sum, count) => sum + count, 0);

/*
 * 0  ada            applied
 * 1  no event       a dead letter with its bytes
 * 2  bob            applied: the partition moves on
 */
test('a record that is no event', async () => {
  const one = await scene();
  await one.run();
  await one.say(user('ada'), noEvent('eve'), user('bob'));
  await one.ended(2, 'applied');
  const {failure} = await one.ended(1, 'dead');
  expect(failure).toMatchObject({kind: 'undecodable'});
  await one.committed();
  const {letters} = await one.letters.list({});
  expect(letters).toEqual([expect.objectContaining({kind: 'undecodable', subject: 'eve'})]);
  expect(letters[0]?.record?.value?.toString()).toBe('eve: no event');
});

/*
 * 0…19  records of one subject, none of them an event       each a letter, though nothing else is there to wake anybody
 */
test('a run of records that are no events is worked off to its end', async () => {
  const one = await scene();
  await one.run();
  await one.say(...Array.from({length: 20}, () => noEvent('eve')));
  await one.committed();
  expect(await letterCount(one)).toBe(20);
});

/*
 * 0  ada            the target does not answer: it waits, and a week later Kafka may delete it
 * 1  bob, who left  waits too
 */
test('what is told of a partition whose records wait', async () => {
  const one = await scene({settings: {...patient, gate: {...patient.gate, failures: 1}}});
  one.target.hook(() => ({kind: 'answer', status: 503}));
  const program = await one.run();
  const now = Date.now();
  await one.say({...user('ada'), occurredAt: now}, {...leave('bob'), occurredAt: now - 60_000});
  await shut(program);
  const week = 7 * 24 * 3600;
  const {oldestLeaveSeconds, partitions} = await eventually(() => {
    const figures = program.ownFigures();
    return figures.partitions[0]?.retentionSeconds !== undefined && figures;
  });
  expect(oldestLeaveSeconds).toBeGreaterThan(59);
  expect(partitions).toMatchObject([{topic: one.topic, partition: 0, lag: 2, retentionRecords: 0}]);
  const left = partitions[0]?.retentionSeconds ?? 0;
  expect(left).toBeGreaterThan(week - 180);
  expect(left).toBeLessThanOrEqual(week);
});

/*
 * 0…99  records that are no events       the gate shuts, and says why: a few letters, no flood
 */
test('every record undecodable', async () => {
  const one = await scene({settings: patient});
  const program = await one.run();
  await one.say(...crowd(100).map(noEvent));
  await shut(program);
  expect(program.gate.state).toMatchObject({state: 'shut', cause: 'undecodable: not framed'});
  expect(await letterCount(one)).toBeLessThanOrEqual(5);
});

/*
 * 0…99  people whom the target refuses for one cause       the gate shuts, and says why
 */
test('every change refused for one cause', async () => {
  const one = await scene({settings: patient});
  one.target.hook(({method}) =>
    method === 'POST' ? {kind: 'answer', status: 400, body: '{"scimType":"invalidValue"}'} : undefined,
  );
  const program = await one.run();
  await one.say(...crowd(100).map((name) => user(name)));
  await shut(program);
  expect(program.gate.state).toMatchObject({state: 'shut', cause: '400 invalidValue'});
  expect(await letterCount(one)).toBeLessThanOrEqual(5);
  expect(one.target.requests.filter(({method}) => method === 'POST').length).toBeLessThan(50);
});

/*
 * 0…9  people, while the target refuses the credential       the gate shuts at the first, nobody is a dead letter
 *      the target takes it again                             the probe opens the gate: all are applied
 */
test.each([401, 403])('a credential that is refused with %i for a while', async (status) => {
  const one = await scene();
  const lift = one.target.hook(() => ({kind: 'answer', status, body: ''}));
  const program = await one.run();
  await one.say(...crowd(10).map((name) => user(name)));
  await shut(program);
  lift();
  await one.committed();
  expect(one.target.users.size).toBe(10);
  expect(await letterCount(one)).toBe(0);
});

/*
 * 0  ada      the registry is away at the start: waits, nothing is committed
 *    it is back: applied
 */
test('the registry is away', async () => {
  const wire = await openWire(services().registryUrl);
  closing(() => wire.close());
  const one = await scene({registryUrl: wire.url});
  wire.cut();
  const program = await one.run();
  await one.say(user('ada'));
  await eventually(() => program.source.troubles().length > 0, {what: 'a trouble that is told'});
  expect(one.target.count()).toBe(0);
  wire.join();
  await one.committed();
  expect(one.account('ada')).toMatchObject({active: true});
});

/** The second record was read, and neither told to the target nor committed: the same two commit intervals later. */
async function waits({source}: Target, one: Scene, name: string): Promise<void> {
  await eventually(() => source.status()[0]?.read === 2, {what: `${name} is read`});
  const started = performance.now();
  await eventually(
    async () => {
      expect(one.account(name)).toBeUndefined();
      expect(await one.offsets()).toEqual([1]);
      return performance.now() - started > 2500;
    },
    {what: `${name} waits`},
  );
}

/*
 * 0  ada      applied
 *    Redis takes no writes
 * 1  bob      waits: nothing is settled, nothing committed
 *    Redis takes writes again: applied
 */
test.each([
  ['is read-only', ['REPLICAOF', '127.0.0.1', '1'], ['REPLICAOF', 'NO', 'ONE']],
  ['is out of memory', ['CONFIG', 'SET', 'maxmemory', '1'], ['CONFIG', 'SET', 'maxmemory', '0']],
])('Redis %s for a while', async (_, breaks, mends) => {
  const store = await startRedis({log: () => undefined});
  closing(() => store.remove());
  const one = await scene({redisUrl: store.url});
  const program = await one.run();
  await one.say(user('ada'));
  await one.committed();
  const order = ([command = '', ...rest]: string[]): Promise<unknown> =>
    one.redis.redis.call(command, ...rest);
  await order(breaks);
  await one.say(user('bob'));
  await expect(one.redis.redis.set(`${one.redis.prefix}probe`, '1')).rejects.toThrow();
  await waits(program, one, 'bob');
  await order(mends);
  await one.committed();
  expect(one.account('bob')).toMatchObject({active: true});
  expect(one.target.users.size).toBe(2);
});

/*
 * 0  ada      applied
 *    Redis goes away
 * 1  bob      waits
 *    Redis comes back with its data: applied
 */
test('Redis is away for a while', async () => {
  const store = await startRedis({log: () => undefined});
  closing(() => store.remove());
  const one = await scene({redisUrl: store.url});
  const program = await one.run();
  await one.say(user('ada'));
  await one.committed();
  await store.stop();
  await one.say(user('bob'));
  await waits(program, one, 'bob');
  await store.start();
  await one.committed();
  expect([...one.target.users.values()].map(({userName}) => userName)).toEqual(['ada', 'bob']);
});
