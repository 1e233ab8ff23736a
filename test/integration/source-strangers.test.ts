import {expect, jest, test} from '@jest/globals';
import {memoryStore} from '../../src/stages/source/testing/store.ts';
import {eventually} from '../support/eventually.ts';
import {people, useRig} from './source-rig.ts';

jest.setTimeout(120_000);

const rig = useRig();

test('two deployments in one group are told, each by itself, and no longer once one is gone', async () => {
  const topic = await rig.kafka.newTopic({partitions: 2});
  const elsewhere = memoryStore();
  elsewhere.wipe();
  const first = await rig.begin({topics: [topic]});
  const second = await rig.begin({topics: [topic], groupId: first.groupId, store: elsewhere});
  const both = [first, second];
  const isTold = ({source}: typeof first) =>
    source.troubles().some(({message}) => message.startsWith('Another deployment'));
  await eventually(() => both.every(({source}) => source.partitions().length === 1), {what: 'one each'});
  await eventually(
    async () => {
      for (const partition of [0, 1]) await rig.kafka.produce(topic, people(1, 'snapshot', {partition}));
      return both.every(isTold);
    },
    {what: 'both to tell', deadlineMs: 40_000},
  );
  await rig.end(second);
  await eventually(() => !isTold(first), {what: 'the first to be alone', deadlineMs: 40_000});
  expect(first.source.partitions()).toHaveLength(2);
});

test('replicas of one deployment are no strangers to each other', async () => {
  const topic = await rig.kafka.newTopic({partitions: 2});
  const first = await rig.begin({topics: [topic]});
  const {groupId, store} = first;
  const second = await rig.begin({topics: [topic], groupId, store});
  const both = [first, second];
  await eventually(() => both.every(({source}) => source.partitions().length === 1), {what: 'one each'});
  for (let offset = 1; offset <= 5; offset += 1) {
    for (const partition of [0, 1]) await rig.kafka.produce(topic, people(1, 'snapshot', {partition}));
    await rig.committedAt(first, topic, offset, offset);
  }
  expect(both.flatMap(({source}) => source.troubles())).toEqual([]);
});
