import {describe, expect, jest, test} from '@jest/globals';
import type {ConsumerConfig, Kafka} from 'kafkajs';
import {eventually} from '../support/eventually.ts';
import type {TestRecord} from '../support/kafka.ts';
import {offsets, people, useRig} from './source-rig.ts';

jest.setTimeout(120_000);

const rig = useRig();

describe('reading and committing', () => {
  test('what is settled is committed with the store’s epoch, and the next owner reads on from there', async () => {
    const topic = await rig.kafka.newTopic();
    await rig.kafka.produce(topic, people(50));
    const first = await rig.begin({topics: [topic]});
    await rig.committedAt(first, topic, 50);
    expect(await rig.committed(first.groupId, topic)).toEqual([{offset: 50, metadata: 'epoch-1'}]);
    expect(first.done).toEqual(offsets(topic, 0, 50));
    await rig.end(first);

    await rig.kafka.produce(topic, people(5));
    const {groupId, store} = first;
    const second = await rig.begin({topics: [topic], groupId, store});
    await rig.committedAt(second, topic, 55);
    expect(second.done).toEqual(offsets(topic, 50, 55));
    expect(second.source.status()).toEqual([
      {topic, partition: 0, committed: 55, read: 55, end: 55, lag: 0, left: 55},
    ]);
    expect(second.said).toEqual([]);
  });

  test('a topic that nothing has come to yet: the next owner has no reason to say that anything is gone', async () => {
    const topic = await rig.kafka.newTopic();
    const first = await rig.begin({topics: [topic]});
    await eventually(() => first.source.status().some(({left}) => left === 0), {what: 'an open partition'});
    await rig.end(first);

    const {groupId, store} = first;
    const second = await rig.begin({topics: [topic], groupId, store});
    await rig.kafka.produce(topic, people(5));
    await rig.committedAt(second, topic, 5);
    expect(second.said).toEqual([]);
  });

  test('stopping commits what was settled last, and nothing that was not', async () => {
    const topic = await rig.kafka.newTopic();
    await rig.kafka.produce(topic, people(10));
    const made = await rig.begin(
      {topics: [topic], commitIntervalMs: 60_000, catchUp: false},
      (one) => (one.working = false),
    );
    await eventually(() => made.window.size === 10);
    for (const unit of made.window.take(4)) {
      made.window.done(unit);
      made.source.settled(unit.entries);
    }
    await rig.end(made);
    expect(await rig.committed(made.groupId, topic)).toEqual([{offset: 4, metadata: 'epoch-1'}]);
  });

  test('a record that can not be read yet is waited for, in order, and nothing is committed past it', async () => {
    const topic = await rig.kafka.newTopic();
    await rig.kafka.produce(topic, people(20));
    const made = await rig.begin(
      {topics: [topic], catchUp: false},
      (one) => (one.unreadable = ({offset}) => offset === 7),
    );
    await rig.committedAt(made, topic, 7);
    expect(made.source.troubles()).toMatchObject([
      {message: 'Waiting to read a record', waitsFor: 'registry'},
    ]);
    made.unreadable = () => false;
    await rig.committedAt(made, topic, 20);
    expect(made.done).toEqual(offsets(topic, 0, 20));
    expect(made.source.troubles()).toEqual([]);
  });

  test('what a transaction took back and its markers do not hold the commit', async () => {
    const topic = await rig.kafka.newTopic();
    const producer = rig.kafka.client.producer({
      transactionalId: topic,
      idempotent: true,
      maxInFlightRequests: 1,
    });
    await producer.connect();
    for (const end of ['commit', 'abort', 'commit', 'abort'] as const) {
      const transaction = await producer.transaction();
      await transaction.send({topic, messages: [{key: end, value: 'snapshot'}]});
      await transaction[end]();
    }
    await producer.disconnect();
    const made = await rig.begin({topics: [topic], coalesce: false});
    await rig.committedAt(made, topic, 8);
    expect(made.done).toEqual([`${topic}/0/0`, `${topic}/0/4`]);
  });

  test('while the store is down nothing is committed', async () => {
    const topic = await rig.kafka.newTopic();
    await rig.kafka.produce(topic, people(3));
    const made = await rig.begin({topics: [topic]});
    await rig.committedAt(made, topic, 3);
    made.store.down = true;
    await eventually(() => made.source.troubles().some(({message}) => message === 'Waiting to commit'));
    await rig.kafka.produce(topic, people(3));
    await eventually(() => made.done.length === 6);
    expect((await rig.committed(made.groupId, topic))[0]?.offset).toBe(3);
    made.store.down = false;
    await rig.committedAt(made, topic, 6);
  });
});

describe('a full window and a shut gate', () => {
  test('cut-offs are taken ahead of all that does not fit; later everything is done once and in order', async () => {
    const topic = await rig.kafka.newTopic();
    const leaver: TestRecord = {key: 'p7', value: 'cutOff'};
    await rig.kafka.produce(topic, [...people(3000), leaver, {key: 'other', value: 'snapshot'}]);
    const made = await rig.begin(
      {topics: [topic], maxChanges: 100, catchUp: false},
      (one) => (one.working = false),
    );
    await eventually(() => made.source.status()[0]?.read === 3002);
    expect(made.window.size).toBe(100);
    const [unit] = made.window.take(1);
    expect(unit?.entries.map(({record}) => record.offset)).toEqual([3000]);
    if (unit) made.window.putBack(unit);
    made.working = true;
    made.work();
    await rig.committedAt(made, topic, 3002);
    expect(made.done.toSorted()).toEqual(
      offsets(topic, 0, 3002)
        .filter((name) => name !== `${topic}/0/7`)
        .toSorted(),
    );
    expect(made.superseded).toEqual([`${topic}/0/7`]);
    expect(
      made.done.filter((name) => !name.endsWith('/3000')).map((name) => Number(name.split('/')[2])),
    ).toEqual(
      Array.from({length: 3002}, (_, index) => index).filter((index) => index !== 7 && index !== 3000),
    );
  });

  test('behind a shut gate only cut-offs come in, and nothing is looked at twice', async () => {
    const topic = await rig.kafka.newTopic();
    await rig.kafka.produce(topic, [...people(500), {key: 'p3', value: 'cutOff'}]);
    const read: number[] = [];
    const made = await rig.begin({topics: [topic], catchUp: false}, (one) => {
      one.working = false;
      one.source.setHolding(true);
      one.unreadable = ({offset}) => {
        read.push(offset);
        return false;
      };
    });
    await eventually(() => made.source.status()[0]?.read === 501);
    const scanned = read.length;
    await rig.kafka.produce(topic, [
      {key: 'p9', value: 'snapshot'},
      {key: 'p4', value: 'cutOff'},
    ]);
    await eventually(() => made.window.size === 2);
    expect(read.slice(scanned)).toEqual([501, 502]);
    made.working = true;
    made.source.setHolding(false);
    await rig.committedAt(made, topic, 503);
    expect(made.done).toHaveLength(501);
    expect(made.done.slice(0, 2)).toEqual([`${topic}/0/500`, `${topic}/0/502`]);
  });

  test('no more is taken ahead than allowed', async () => {
    const topic = await rig.kafka.newTopic();
    await rig.kafka.produce(topic, [...people(300), ...people(300, 'cutOff')]);
    const made = await rig.begin({topics: [topic], maxChanges: 10, maxAhead: 20, coalesce: false}, (one) => {
      one.working = false;
    });
    await eventually(() => made.window.size === 30);
    expect(made.source.status()[0]?.read).toBe(320);
    made.working = true;
    made.work();
    await rig.committedAt(made, topic, 600);
    expect(made.done.toSorted()).toEqual(offsets(topic, 0, 600).toSorted());
  });
});

test('a consumer that KafkaJS gives up, as while the coordinator still loads the group, is replaced soon', async () => {
  const topic = await rig.kafka.newTopic();
  await rig.kafka.produce(topic, people(3));
  const {client} = rig.kafka;
  const asked: number[] = [];
  const refusing = Object.assign(Object.create(client) as Kafka, {
    consumer: (config: ConsumerConfig) => {
      asked.push(performance.now());
      // The broker refuses the first for good: KafkaJS tells of a crash, and does not try again.
      return client.consumer(asked.length === 1 ? {...config, sessionTimeout: 2 ** 31 - 1} : config);
    },
  });
  const made = await rig.begin({kafka: refusing, topics: [topic], pollIntervalMs: 60_000, retryDelayMs: 100});
  await rig.committedAt(made, topic, 3);
  expect(asked).toHaveLength(2);
});
