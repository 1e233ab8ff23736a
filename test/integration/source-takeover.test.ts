import {describe, expect, jest, test} from '@jest/globals';
import {eventually} from '../support/eventually.ts';
import {offsets, people, useRig} from './source-rig.ts';

jest.setTimeout(120_000);

const rig = useRig();

const owned = ({source}: {source: {partitions(): {partition: number}[]}}) =>
  source.partitions().map(({partition}) => partition);

describe('a rebalance', () => {
  test('what moved away is forgotten and never committed, what stayed is neither read again nor lost', async () => {
    const topic = await rig.kafka.newTopic({partitions: 4});
    for (const partition of [0, 1, 2, 3]) await rig.kafka.produce(topic, people(10, 'snapshot', {partition}));
    const first = await rig.begin({topics: [topic], coalesce: false}, (one) => (one.working = false));
    await eventually(() => first.window.size === 40);
    const flying = first.window.take(5);
    const {groupId, store} = first;
    const second = await rig.begin(
      {topics: [topic], coalesce: false, groupId, store},
      (one) => (one.working = false),
    );
    await eventually(
      () => owned(first).length === 2 && owned(second).length === 2 && second.window.size === 20,
    );
    const [mine, theirs] = [owned(first), owned(second)];
    expect([...mine, ...theirs].toSorted()).toEqual([0, 1, 2, 3]);

    for (const unit of flying) {
      first.window.done(unit);
      first.source.settled(unit.entries);
    }
    first.work();
    first.working = true;
    await rig.committedAt(
      first,
      topic,
      ...[0, 1, 2, 3].map((partition) => (mine.includes(partition) ? 10 : 0)),
    );
    const alone = flying
      .flatMap(({entries}) => entries)
      .filter(({record}) => mine.includes(record.partition)).length;
    expect(first.done).toHaveLength(20 - alone);
    expect(first.window.size).toBe(0);

    second.work();
    await rig.committedAt(first, topic, 10, 10, 10, 10);
    expect(second.done.toSorted()).toEqual(
      theirs.flatMap((partition) => offsets(topic, 0, 10, partition)).toSorted(),
    );
  });

  test('a member that leaves hands over all that it had not settled', async () => {
    const topic = await rig.kafka.newTopic({partitions: 2});
    for (const partition of [0, 1]) await rig.kafka.produce(topic, people(10, 'snapshot', {partition}));
    const first = await rig.begin({topics: [topic], coalesce: false}, (one) => (one.working = false));
    await eventually(() => first.window.size === 20);
    const {groupId, store} = first;
    const second = await rig.begin({topics: [topic], coalesce: false, groupId, store});
    await eventually(() => owned(second).length === 1 && second.done.length === 10);
    await rig.end(first);
    await rig.committedAt(second, topic, 10, 10);
    expect(second.done).toHaveLength(20);
  });

  test('three replicas share what there is, one leaves, and each record is settled by one of them', async () => {
    const partitions = [0, 1, 2, 3, 4, 5];
    const topic = await rig.kafka.newTopic({partitions: 6});
    for (const partition of partitions) await rig.kafka.produce(topic, people(10, 'snapshot', {partition}));
    const still = (one: {working: boolean}): boolean => (one.working = false);
    const first = await rig.begin({topics: [topic], coalesce: false}, still);
    const {groupId, store} = first;
    const more = {topics: [topic], coalesce: false, groupId, store};
    const second = await rig.begin(more, still);
    const third = await rig.begin(more, still);
    const crew = [first, second, third];
    await eventually(() => crew.every((one) => owned(one).length === 2 && one.window.size === 20), {
      what: 'two partitions each',
      deadlineMs: 40_000,
    });
    expect(crew.flatMap(owned).toSorted()).toEqual(partitions);
    await rig.end(second);
    await eventually(() => owned(first).length === 3 && owned(third).length === 3, {what: 'three each'});
    for (const one of [first, third]) {
      one.working = true;
      one.work();
    }
    await rig.committedAt(first, topic, ...partitions.map(() => 10));
    expect([...first.done, ...third.done].toSorted()).toEqual(
      partitions.flatMap((partition) => offsets(topic, 0, 10, partition)).toSorted(),
    );
    expect(second.done).toEqual([]);
  });
});

describe('catch-up', () => {
  const history = [
    ...people(20),
    ...people(20, 'snapshot+'),
    {key: 'g', value: 'snapshot+'},
    {key: 'g', value: 'delta'},
    ...people(20),
    {key: 'p0', value: 'cutOff'},
  ];

  test('a new target is told the latest of each subject only, leavers first', async () => {
    const topic = await rig.kafka.newTopic();
    await rig.kafka.produce(topic, history);
    const made = await rig.begin({topics: [topic]}, (one) => (one.working = false));
    await eventually(() => made.source.status()[0]?.read === 63 && made.window.size === 41);
    expect(made.window.take(1)[0]?.entries[0]?.record.offset).toBe(62);
    await rig.end(made);
    expect(made.superseded).toEqual([]);
  });

  test('one that was interrupted goes on as a catch-up with another owner', async () => {
    const topic = await rig.kafka.newTopic();
    await rig.kafka.produce(topic, history);
    const first = await rig.begin({topics: [topic]}, (one) => (one.working = false));
    await eventually(() => first.window.size === 41);
    for (const unit of first.window.take(6)) {
      first.window.done(unit);
      first.source.settled(unit.entries);
    }
    await eventually(async () => ((await rig.committed(first.groupId, topic))[0]?.offset ?? 0) > 20);
    await rig.end(first);
    const {groupId, store} = first;
    const second = await rig.begin({topics: [topic], groupId, store});
    await rig.committedAt(second, topic, 63);
    expect(second.done.length + second.superseded.length).toBeLessThan(41);
    expect(await rig.committed(groupId, topic)).toEqual([{offset: 63, metadata: 'epoch-1'}]);
    await rig.kafka.produce(topic, people(3));
    await rig.committedAt(second, topic, 66);
  });

  test('without coalescing everything is told, from the beginning', async () => {
    const topic = await rig.kafka.newTopic();
    await rig.kafka.produce(topic, history);
    const made = await rig.begin({topics: [topic], coalesce: false});
    await rig.committedAt(made, topic, 63);
    expect(made.done).toHaveLength(63);
  });
});

describe('the store', () => {
  test('wiped while running: said loudly, and caught up again from the start', async () => {
    const topic = await rig.kafka.newTopic();
    await rig.kafka.produce(topic, [...people(10), ...people(10)]);
    const made = await rig.begin({topics: [topic], catchUp: true});
    await rig.committedAt(made, topic, 20);
    made.done.length = 0;
    made.store.wipe();
    await eventually(async () => (await rig.committed(made.groupId, topic))[0]?.metadata === 'epoch-2');
    await rig.committedAt(made, topic, 20);
    expect(made.done.toSorted()).toEqual(offsets(topic, 10, 20).toSorted());
    expect(made.said.some((message) => message.startsWith('The store is not the one'))).toBe(true);
  });

  test('wiped while nobody ran: likewise', async () => {
    const topic = await rig.kafka.newTopic();
    await rig.kafka.produce(topic, people(10));
    const first = await rig.begin({topics: [topic]});
    await rig.committedAt(first, topic, 10);
    await rig.end(first);
    const {groupId, store} = first;
    store.wipe();
    const second = await rig.begin({topics: [topic], groupId, store});
    await eventually(() => second.done.length === 10);
    expect(second.said).toEqual([
      'The store is not the one that the committed offset relied on: reading from the start again, with no cut-off by hand known',
    ]);
  });

  test('restored from an older backup: what it does not know is read again', async () => {
    const topic = await rig.kafka.newTopic();
    await rig.kafka.produce(topic, people(10));
    const made = await rig.begin({topics: [topic]});
    await rig.committedAt(made, topic, 10);
    const backup = made.store.backup();
    await rig.kafka.produce(topic, people(5));
    await rig.committedAt(made, topic, 15);
    made.done.length = 0;
    made.store.restore(backup);
    await eventually(() => made.done.length === 5);
    expect(made.done).toEqual(offsets(topic, 10, 15));
    expect(made.said.some((message) => message.startsWith('The store knows less'))).toBe(true);
  });
});
