import {afterAll, beforeAll, expect, jest, test} from '@jest/globals';
import {eventually} from '../support/eventually.ts';
import {openRedis} from '../support/redis.ts';
import {openStage, type Stage} from './stage.ts';
import type {Event} from './model.ts';
import type {Program} from './program.ts';

jest.setTimeout(120_000);

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({rate: {requests: 1, perSeconds: 3}});
}, 90_000);
afterAll(() => stage.close());

const ada = (title: string): Event => ({
  key: 'ada',
  body: {user: {id: 'ada', userName: 'ada', active: true, title}},
});
const titleOfAda = (): unknown =>
  [...stage.target.users.values()].find(({externalId}) => externalId === 'ada')?.['title'];

/*
 * 0  ada is a clerk      applied by the first replica
 * 1  ada is a judge      claimed by the first replica, which stands still while it waits for the rate budget
 *    its lease runs out: the second replica takes the partition and the subject, and does what 1 says
 * 2  ada is a dean       applied by the second
 *    the first wakes, and does not send what it was about to
 */
test('a lease that runs out before the request leaves', async () => {
  const crew: Program[] = [stage.start()];
  const {redis} = openRedis(stage.store.url);
  try {
    await stage.publish([ada('clerk')]);
    await eventually(() => titleOfAda() === 'clerk', {what: 'ada is a clerk', deadlineMs: 30_000});
    await eventually(() => stage.isDone(), {what: 'that is settled'});
    const before = stage.target.requests.length;
    await stage.publish([ada('judge')]);
    const isClaimed = async () => (await redis.hexists('{avro-scim:here}:l', 'ada')) === 1;
    await eventually(isClaimed, {what: 'the claim', everyMs: 2});
    crew[0]?.signal('SIGSTOP');
    expect(stage.target.requests).toHaveLength(before);
    crew.push(stage.start());
    await stage.publish([ada('dean')]);
    await eventually(() => titleOfAda() === 'dean', {what: 'ada is a dean', deadlineMs: 60_000});
    await eventually(() => stage.isDone(), {what: 'all committed'});
    const settled = stage.target.requests.length;
    crew[0]?.signal('SIGCONT');
    const ends = await Promise.all(crew.splice(0).map((program) => program.end('SIGTERM')));
    expect(ends).toEqual([0, 0]);
    expect(stage.target.requests.slice(settled).filter(({method}) => method !== 'GET')).toEqual([]);
    expect(titleOfAda()).toBe('dean');
  } finally {
    redis.disconnect();
    await Promise.all(crew.map((program) => program.end('SIGKILL')));
  }
});
