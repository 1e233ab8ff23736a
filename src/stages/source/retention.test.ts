import {expect, test} from '@jest/globals';
import {Progress} from '../../core/progress.ts';
import {newAssigned, statusOf, type Assigned} from './assigned.ts';
import {Retention, Times} from './retention.ts';

const minuteMs = 60_000;
const day = 1440 * minuteMs;

/** A partition that was read up to `to`, a record every ten seconds, of which nothing is settled. */
function readTo(to: number): Assigned {
  const assigned = newAssigned('events', 0);
  Object.assign(assigned, {phase: 'reading', end: to, first: 0, progress: new Progress(0)});
  for (let offset = 0; offset < to; offset += 1) {
    assigned.times.note({offset, timestamp: offset * 10_000}, assigned.progress);
    assigned.progress.accept(offset);
  }
  return assigned;
}

test('the first record that is not settled is known to the minute, and never late', () => {
  const assigned = readTo(1000);
  assigned.retentionMs = day;
  expect(statusOf(assigned)).toMatchObject({lag: 1000, left: 0, deletedFrom: day});
  for (let offset = 0; offset < 500; offset += 1) assigned.progress.settle(offset);
  const {lag, left, deletedFrom = 0} = statusOf(assigned);
  expect([lag, left]).toEqual([500, 500]);
  const written = 500 * 10_000;
  expect(deletedFrom - day).toBeLessThanOrEqual(written);
  expect(deletedFrom - day).toBeGreaterThan(written - minuteMs);
});

test('where nothing waits nothing can be deleted', () => {
  const assigned = readTo(3);
  assigned.retentionMs = day;
  for (const offset of [0, 1, 2]) assigned.progress.settle(offset);
  expect(statusOf(assigned)).not.toHaveProperty('deletedFrom');
  expect(statusOf(newAssigned('events', 1))).not.toHaveProperty('left');
});

test('years of history take little memory, and the answer is still not late', () => {
  const times = new Times();
  const progress = new Progress(0);
  for (let offset = 0; offset < 200_000; offset += 1)
    times.note({offset, timestamp: offset * minuteMs}, progress);
  progress.pass(100_000);
  const at = times.at(100_000) ?? Number.NaN;
  expect(at).toBeLessThanOrEqual(100_000 * minuteMs);
  expect(at).toBeGreaterThan(99_000 * minuteMs);
});

test('what was looked at ahead and is read again changes nothing', () => {
  const times = new Times();
  const progress = new Progress(0);
  for (const offset of [0, 100, 200, 0, 100, 200])
    times.note({offset, timestamp: offset * minuteMs}, progress);
  expect(times.at(150)).toBe(100 * minuteMs);
});

const described = (entries: Record<string, string>) => ({
  throttleTime: 0,
  resources: [
    {
      ...{errorCode: 0, errorMessage: '', resourceType: 2, resourceName: 'events'},
      configEntries: Object.entries(entries).map(([configName, configValue]) => ({configName, configValue})),
    },
  ],
});

/** What one look at a topic with these settings makes of a partition, and what it says. */
async function look(answer: () => unknown) {
  const said: string[] = [];
  const say = (_fields: object, message: string): void => void said.push(message);
  let asked = 0;
  const admin = {describeConfigs: () => Promise.resolve().then(() => ((asked += 1), answer() as never))};
  const retention = new Retention(admin, {debug: say, info: say, warn: say, error: say});
  const assigned = newAssigned('events', 0);
  await retention.look([assigned]);
  await retention.look([assigned]);
  return {retentionMs: assigned.retentionMs, said, asked};
}

test.each([
  ['for a week', {'retention.ms': '604800000', 'cleanup.policy': 'delete'}, 604_800_000],
  ['for ever', {'retention.ms': '-1', 'cleanup.policy': 'delete'}, undefined],
  ['the latest of each key', {'retention.ms': '604800000', 'cleanup.policy': 'compact'}, undefined],
  ['both', {'retention.ms': '1000', 'cleanup.policy': 'compact,delete'}, 1000],
])('a topic that keeps its records %s', async (_how, entries, retentionMs) => {
  expect(await look(() => described(entries))).toEqual({retentionMs, said: [], asked: 1});
});

test('a Kafka that does not tell stops nothing', async () => {
  const refused = () => {
    throw new Error('not authorized');
  };
  expect(await look(refused)).toEqual({retentionMs: undefined, said: [expect.any(String)], asked: 1});
});
