import {afterAll, beforeAll, expect, jest, test} from '@jest/globals';
import {eventually} from '../support/eventually.ts';
import {openStage, type Stage} from './stage.ts';
import type {Event} from './model.ts';
import type {Program} from './program.ts';

jest.setTimeout(120_000);

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 90_000);
afterAll(() => stage.close());

const ada = (title: string): Event => ({
  key: 'ada',
  body: {user: {id: 'ada', userName: 'ada', active: true, title}},
});
const titleOfAda = (): unknown =>
  [...stage.target.users.values()].find(({externalId}) => externalId === 'ada')?.['title'];

/*
 * 0  ada is a clerk                  applied by the first replica
 * 1  ada is a judge                  the first replica asks, and stands still in the middle of its request
 *    its session and its lease run out: the second replica takes the partition and the subject
 *    the second replica does what 1 says
 * 2  ada is a dean                   applied by the second
 *    the first wakes, and may settle nothing: its token is not the lease's any more
 */
test('a lease that runs out in the middle of a request', async () => {
  const crew: Program[] = [stage.start()];
  const before = stage.target.requests.length;
  try {
    await stage.publish([ada('clerk')]);
    await eventually(() => titleOfAda() === 'clerk', {what: 'ada is a clerk', deadlineMs: 30_000});
    const reached = Promise.withResolvers<undefined>();
    let asks = 0;
    const lift = stage.target.hook(({method, body}) => {
      if (method === 'GET' || !body.includes('judge') || (asks += 1) > 1) return undefined;
      crew[0]?.signal('SIGSTOP');
      reached.resolve(undefined);
      return {kind: 'silent'};
    });
    await stage.publish([ada('judge')]);
    await reached.promise;
    crew.push(stage.start());
    await eventually(() => titleOfAda() === 'judge', {what: 'ada is a judge', deadlineMs: 40_000});
    lift();
    await stage.publish([ada('dean')]);
    await eventually(() => titleOfAda() === 'dean', {what: 'ada is a dean'});
    crew[0]?.signal('SIGCONT');
    await eventually(() => stage.isDone(), {what: 'all committed'});
    const ends = await Promise.all(crew.splice(0).map((program) => program.end('SIGTERM')));
    expect(ends).toEqual([0, 0]);
    const titles = stage.target.requests
      .slice(before)
      .flatMap(({written}) => (written ? [written['title']] : []));
    // In doubt, one is told again what it was told; never something older.
    expect(titles.filter((title, at) => title !== titles[at - 1])).toEqual(['clerk', 'judge', 'dean']);
  } finally {
    await Promise.all(crew.map((program) => program.end('SIGKILL')));
  }
});
