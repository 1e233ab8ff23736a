import {expect, jest, test} from '@jest/globals';
import {createPauses} from '../../src/stages/pauses/index.ts';
import {eventually} from '../support/eventually.ts';
import {services} from '../support/services.ts';
import {openTerminal} from '../support/terminal.ts';
import {leave, scene, user} from './scenarios-rig.ts';

jest.setTimeout(120_000);

test('replayed from Kafka while it is kept; a target that is paused is told nothing until it goes on', async () => {
  const here = await scene({partitions: 3});
  const {brokers, redisUrl} = services();
  const {redis, topic, target, kafka} = here;
  const command = openTerminal({
    kafka: {brokers, groupPrefix: redis.prefix, topics: [topic]},
    redis: {url: redisUrl, prefix: redis.prefix},
    admin: {port: 1},
    targets: {here: {connector: 'scim', config: {baseUrl: target.url, auth: {bearer: 'of-a-test'}}}},
  });
  const program = await here.run();
  const at = (partition: number) => ({partition, ...user('u1', {title: 'Boss'})});
  await here.say({partition: 2, ...user('other')}, {partition: 2, ...user('u1')}, at(2));
  await eventually(() => here.account('u1')?.['title'] === 'Boss');
  await here.committed();
  const before = here.writes('u1').length;
  const replayed = await command('subject replay', ['u1'], {reason: 'changed there by hand'});
  expect(replayed).toMatchObject({code: 0, result: {results: [{record: `${topic}/2/2`}]}});
  await eventually(() => here.writes('u1').length > before);

  const pauses = createPauses({redis: redis.redis, prefix: redis.prefix, target: 'here'});
  await pauses.pause('ops@desk');
  await eventually(() => program.gate.paused);
  await here.say({partition: 0, ...leave('u1', {})});
  await eventually(async () => {
    const {result} = await command('target list');
    return (result as {targets: {lag: number}[]}).targets[0]?.lag === 1;
  });
  expect(here.account('u1')).toMatchObject({active: true});
  await pauses.resume();
  await eventually(() => here.account('u1')?.['active'] === false);
  await here.committed();

  await kafka.admin.deleteTopicRecords({topic, partitions: [{partition: 0, offset: '-1'}]});
  expect(await command('subject replay', ['u1'])).toMatchObject({
    code: 1,
    result: {results: [{result: 'refused', reason: expect.stringContaining('retention has deleted it')}]},
  });
  expect((await command('subject replay', ['nobody'])).code).toBe(1);
});
