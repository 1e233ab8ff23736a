import {describe, expect, jest, test} from '@jest/globals';
import {createLed} from '../../scripts/services/topic.ts';
import {eventually} from '../support/eventually.ts';
import {openKafka} from '../support/kafka.ts';
import {offsets, people, useRig} from './source-rig.ts';

jest.setTimeout(120_000);

const rig = useRig();

async function make(topic: string, partitions = 1): Promise<void> {
  await createLed(rig.kafka.admin, {topic, numPartitions: partitions});
}

async function deleteBefore(topic: string, offset: number): Promise<void> {
  // KafkaJS deletes only where it knows the leader already.
  await rig.kafka.admin.fetchTopicOffsets(topic);
  await rig.kafka.admin.deleteTopicRecords({topic, partitions: [{partition: 0, offset: String(offset)}]});
}

describe('topics that come and grow', () => {
  test('one that does not exist yet is waited for, said once, and read from its start', async () => {
    const topic = `late.${Date.now()}`;
    const made = await rig.begin({topics: [topic]});
    await eventually(() =>
      made.source.troubles().some(({message}) => message === 'Waiting for a topic that does not exist'),
    );
    await make(topic);
    await rig.kafka.produce(topic, people(5));
    await rig.committedAt(made, topic, 5);
    expect(made.said.filter((message) => message.startsWith('Waiting for a topic'))).toHaveLength(1);
    expect(made.source.troubles()).toEqual([]);
  });

  test('a pattern takes in topics made later, and never the program’s own', async () => {
    const prefix = `some.${Date.now()}`;
    await make(`${prefix}.a`);
    await make(`${prefix}.a.dead-letters`);
    await rig.kafka.produce(`${prefix}.a`, people(3));
    await rig.kafka.produce(`${prefix}.a.dead-letters`, people(3));
    const made = await rig.begin({topics: [new RegExp(`^${prefix}`)]});
    await rig.committedAt(made, `${prefix}.a`, 3);
    await make(`${prefix}.b`);
    await rig.kafka.produce(`${prefix}.b`, people(4));
    await rig.committedAt(made, `${prefix}.b`, 4);
    expect(made.done.filter((name) => name.includes('dead-letters'))).toEqual([]);
    expect(new Set(made.done).size).toBe(7);
  });

  test('a partition added while running is read from its start', async () => {
    const topic = await rig.kafka.newTopic();
    await rig.kafka.produce(topic, people(3));
    const made = await rig.begin({topics: [topic]});
    await rig.committedAt(made, topic, 3);
    await rig.kafka.admin.createPartitions({topicPartitions: [{topic, count: 2}]});
    // A producer that learned of the topic before sends nothing to a partition that it does not know.
    const producing = await openKafka();
    await producing.produce(topic, people(2, 'snapshot', {partition: 1}));
    await producing.close();
    await eventually(() => made.done.some((name) => name.startsWith(`${topic}/1/`)));
    await eventually(() => made.source.status().every(({lag}) => lag === 0));
    const first = made.done.filter((name) => name.startsWith(`${topic}/1/`)).toSorted()[0];
    expect(first).toBe(`${topic}/1/0`);
    expect(made.done.filter((name) => name.startsWith(`${topic}/0/`))).toEqual(offsets(topic, 0, 3));
  });
});

describe('a topic that was recreated while running', () => {
  test.each([
    ['with fewer records', 4],
    ['with more records', 40],
  ])('%s: all of it is read, as another incarnation', async (_name, count) => {
    const topic = `again.${Date.now()}`;
    await make(topic);
    await rig.kafka.produce(topic, people(10));
    const made = await rig.begin({topics: [topic]});
    await rig.committedAt(made, topic, 10);
    await rig.kafka.admin.deleteTopics({topics: [topic]});
    await eventually(async () => {
      await make(topic);
      return true;
    });
    await eventually(async () => {
      await rig.kafka.produce(topic, people(count));
      return true;
    });
    await rig.committedAt(made, topic, count);
    // Some may have been taken for the old topic's first: they come again.
    expect(made.done.slice(10).slice(-count)).toEqual(offsets(topic, 0, count));
    expect(made.store.incarnations.get(`${topic} 0`)).toBeGreaterThan(0);
  });
});

describe('records that retention has deleted', () => {
  test('while nobody ran: the range is said, and reading goes on behind it', async () => {
    const topic = await rig.kafka.newTopic();
    await rig.kafka.produce(topic, people(10));
    const first = await rig.begin({topics: [topic]});
    await rig.committedAt(first, topic, 10);
    await rig.end(first);
    await rig.kafka.produce(topic, people(40));
    await deleteBefore(topic, 30);
    const {groupId, store} = first;
    const second = await rig.begin({topics: [topic], groupId, store});
    await rig.committedAt(second, topic, 50);
    expect(second.lost).toEqual([{topic, partition: 0, from: 10, to: 30}]);
    expect(second.said).toEqual(['Retention has deleted records that were not read yet']);
    expect(second.done).toEqual(offsets(topic, 30, 50));
  });

  test('while they waited behind a full window: likewise', async () => {
    const topic = await rig.kafka.newTopic();
    await rig.kafka.produce(topic, people(60));
    const made = await rig.begin(
      {topics: [topic], maxChanges: 10, catchUp: false},
      (one) => (one.working = false),
    );
    await eventually(() => made.source.status()[0]?.read === 60);
    await deleteBefore(topic, 40);
    await eventually(() => made.lost.length === 1);
    expect(made.lost).toEqual([{topic, partition: 0, from: 10, to: 40}]);
    made.working = true;
    made.work();
    await rig.committedAt(made, topic, 60);
    expect(made.done).toEqual([...offsets(topic, 0, 10), ...offsets(topic, 40, 60)]);
  });
});
