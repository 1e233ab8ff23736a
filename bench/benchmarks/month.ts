import {seeded} from '../../test/support/target/faults.ts';
import {startTargetProcess} from '../../test/support/recording-target-process.ts';
import {events, type Produced} from '../events.ts';
import {newName, type Benchmark} from '../rig.ts';

const groupCount = 100;

interface Month {
  records: Produced[];
  /** Requests that make a target of nothing what it is after the month: accounts, groups, and a call for each group's members. */
  net: number;
}

/**
 * A company's month in an order of its own: of 100 events 10 join, 75 are updates (half of them say what was so before),
 * 5 leave and 10 change a group's members.
 */
function monthOf(count: number): Month {
  const random = seeded(4);
  const records: Produced[] = [];
  const people: {id: string; version: number}[] = [];
  const members = Array.from({length: groupCount}, () => new Set<string>());
  for (let n = 0; n < groupCount; n += 1) records.push(events.group(`g${n}`, null));
  const pick = (): number => Math.floor(random() * people.length);
  const join = (n: number): void => {
    people.push({id: `p${n}`, version: 0});
    records.push(events.person(`p${n}`, 0));
  };
  for (let n = 0; n < count; n += 1) {
    const dice = random();
    const at = pick();
    const person = people[at];
    if (n % 10 === 0 || person === undefined) join(n);
    else if (dice < 75 / 90) {
      if (random() < 0.5) person.version += 1;
      records.push(events.person(person.id, person.version));
    } else if (dice < 80 / 90) {
      people.splice(at, 1);
      for (const group of members) group.delete(person.id);
      records.push(events.leave(person.id));
    } else {
      const group = Math.floor(random() * groupCount);
      const isIn = members[group]?.delete(person.id) ?? false;
      if (!isIn) members[group]?.add(person.id);
      records.push(events.membership(`g${group}`, isIn ? [] : [person.id], isIn ? [person.id] : []));
    }
  }
  const filled = members.filter(({size}) => size > 0).length;
  return {records, net: people.length + groupCount + filled};
}

export const month: Benchmark = {
  name: 'month',
  what: 'requests an event of a month’s mix that comes at full speed, beside what its net effect needs',
  async run(bench) {
    const count = bench.size(100_000, 10_000);
    const topic = await bench.topic();
    const server = await startTargetProcess({latencyMs: 20, record: false});
    bench.closing(() => server.close());
    const setting = {topic: topic.name, targetUrl: server.url, group: newName(), prefix: newName()};
    const guard = {maxLeavers: count, perMinutes: 60};
    const program = await bench.program({...setting, target: {concurrency: 64, guard}});
    await topic.produce([events.person('first', 0)]);
    await program.until('settling the first', ({settled}) => settled > 0);
    const before = (await server.snapshot()).count;
    const {records, net} = monthOf(count);
    await topic.produce(records);
    const samples = await program.until(
      'settling the month',
      ({settled, lag}) => settled > records.length && lag === 0,
    );
    const requests = (await server.snapshot()).count - before;
    const last = samples.at(-1);
    return [
      {name: 'requests an event', value: requests / records.length, unit: ''},
      {name: 'net effect', value: net / records.length, unit: ''},
      {name: 'superseded', value: last?.outcomes('superseded') ?? 0, unit: 'events'},
      {name: 'unchanged', value: last?.outcomes('unchanged') ?? 0, unit: 'events'},
    ];
  },
};
