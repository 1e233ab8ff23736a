import {expect, jest, test} from '@jest/globals';
import {eventually} from '../support/eventually.ts';
import {group, leave, scene, user} from './scenarios-rig.ts';

jest.setTimeout(60_000);

/*
 * 0  ada, 1  team with ada       applied
 * 2  ada leaves                  refused: a dead letter, and the cut-off stays open
 * 3  ada is back                 the cut-off is finished first: she is in, and not in the team
 */
test('a rehire that finishes an open cut-off is not in the old groups', async () => {
  const one = await scene();
  await one.run();
  await one.say(user('ada'), group('team', ['ada']));
  await eventually(() => one.membersOf('team').join() === 'ada', {what: 'ada is in the team'});
  const lift = one.target.hook(({method, path}) =>
    method === 'PATCH' && path.startsWith('/Users/')
      ? {kind: 'answer', status: 400, body: '{"scimType":"invalidValue"}'}
      : undefined,
  );
  await one.say(leave('ada'));
  await one.ended(2, 'dead');
  lift();
  await one.say(user('ada'));
  expect((await one.ended(3, 'applied')).receipt).toMatchObject({complete: true});
  await eventually(() => one.membersOf('team').length === 0, {what: 'an empty team'});
  await one.committed();
  expect(one.account('ada')).toMatchObject({active: true});
});
