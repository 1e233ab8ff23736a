import {expect, test} from '@jest/globals';
import {dispatchRig, person} from './rig.ts';

test('the audit names what a new account was given, and what an update cleared', async () => {
  const rig = await dispatchRig();
  const made = await rig.ended(rig.say(person('ada', {title: 'judge', nickName: null})), 'applied');
  expect(made).toMatchObject({did: 'created', written: {userName: 'ada', title: 'judge'}});
  expect(made.attributes).toEqual(expect.arrayContaining(['userName', 'active', 'externalId', 'title']));
  expect(made.attributes).not.toContain('nickName');
  const cleared = await rig.ended(rig.say(person('ada', {title: null, nickName: null})), 'applied');
  expect(cleared).toMatchObject({did: 'updated', attributes: ['title'], written: {title: null}});
});
