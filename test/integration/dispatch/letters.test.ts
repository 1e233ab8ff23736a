import {expect, test} from '@jest/globals';
import {ok, type Failure} from '../../../src/core/failure.ts';
import type {DeadLetter} from '../../../src/core/parked.ts';
import {createPolicy} from '../../../src/core/policy.ts';
import type {Statement} from '../../../src/core/statement.ts';
import {createLetterRetries} from '../../../src/stages/dead-letters/retries.ts';
import {createRetryRunner} from '../../../src/stages/dead-letters/runner.ts';
import {foreseeBy} from '../../../src/target/foresee.ts';
import {eventually} from '../../support/eventually.ts';
import {dispatchRig, person} from './rig.ts';

const count = 2000;
const ignore = (): void => undefined;
const log = {debug: ignore, info: ignore, warn: ignore, error: ignore};
const refused = (who: string): Failure => ({
  ...{kind: 'rejected', cause: '400 invalidValue', message: 'the target refuses a value', status: 400},
  exchange: {
    method: 'POST',
    url: 'https://wiki.example/scim/v2/Users',
    requestBody: JSON.stringify({userName: who}),
    answerBody: JSON.stringify({detail: `The title of ${who} is longer than 20 characters`}),
  },
});

const letterOf = (id: string, offset: number): DeadLetter => ({
  ...{
    id: `old/0/${offset}`,
    target: 'here',
    subject: id,
    kind: 'snapshot',
    saysMembers: false,
    failure: refused(id),
  },
  ...{attempts: 1, firstAt: 1, at: 1, position: {source: 2, offset, occurredAt: 1_600_000_000_000 + offset}},
  record: {
    ...{topic: 'old', partition: 0, offset, timestamp: 0, headers: {}},
    ...{key: Buffer.from(id), value: Buffer.from(JSON.stringify(person(id)))},
  },
});

test('two thousand letters of one cause are one group, and are retried together once it is mended', async () => {
  const rig = await dispatchRig({concurrency: 64});
  const {here, stages, audit, redis} = rig;
  here.answer = ({what, whom}) => (what === 'create user' ? refused(whom) : undefined);
  const people = Array.from({length: count}, (_, i) => `u${i}`);
  rig.say(person('u0'));
  await Promise.all(people.slice(1).map((id, i) => stages.letters.add(letterOf(id, i + 1))));
  const target = rig.key('').slice(1, -2).split(':')[1] ?? '';
  const retries = createLetterRetries({
    ...{redis, prefix: rig.key('').slice(1, -2).split(':')[0] ?? '', target},
    ...{audit: {append: (records) => Promise.resolve(void audit.push(...records))}},
    ...{wake: (subject, delayMs) => stages.lanes.wake(subject, delayMs), everyMs: 0, mostParked: 1000},
  });
  const group = await eventually(async () => (await retries.groupsOf()).find((one) => one.count === count));
  expect(group).toMatchObject({
    ...{kind: 'rejected', cause: '400 invalidValue', status: 400, isCutOff: false},
    says: 'The title of … is longer than # characters',
  });

  here.answer = () => undefined;
  rig.say(person('u0', {title: 'Chief'}));
  await eventually(() => [...here.users.values()].some(({title}) => title === 'Chief'));
  const decode = ({value}: {value: Buffer | null}) => ok(JSON.parse(String(value)) as Statement);
  const foresee = foreseeBy(decode, createPolicy({scope: {}, attributes: {}}));
  const preview = await eventually(async () => {
    const seen = await retries.previewRetry(group.id, foresee);
    return seen?.count === count - 1 && seen;
  });
  expect(preview).toMatchObject({looked: 200, would: [{does: 'account wanted', count: 200}]});
  expect(await retries.startRetry(group.id, preview.token, {by: 'ann'})).toEqual({result: 'started'});
  const {letters} = stages;
  const runners = [1, 2].map(() =>
    createRetryRunner({target, retries, letters, isOpen: () => true, log, lookMs: 50}),
  );
  for (const runner of runners) runner.start();
  const isDone = async () => here.users.size === count && (await stages.lanes.parked()) === 0;
  await eventually(isDone, {what: 'all are there', deadlineMs: 50_000});
  expect(await retries.retryProgress(group.id)).toMatchObject({state: 'done', retried: count - 1, gone: 0});
  await Promise.all(runners.map((runner) => runner.stop()));
  expect(await retries.groupsOf()).toEqual([]);
  const created = here.calls.filter(({what}) => what === 'create user').map(({whom}) => whom);
  expect(new Set(created).size).toBe(count);
  expect(created).toHaveLength(count + 1);
});
