import {expect, jest, test} from '@jest/globals';
import type {Hook} from '../support/recording-target.ts';
import {eventually} from '../support/eventually.ts';
import {leave, scene, user, type Scene} from './scenarios-rig.ts';

jest.setTimeout(120_000);

const writesOf = (text: string, fault: ReturnType<Hook>): Hook => {
  return ({method, body}) => (method !== 'GET' && body.includes(text) ? fault : undefined);
};
const refusal = {kind: 'answer', status: 400, body: '{"scimType":"invalidValue"}'} as const;
const outage = {kind: 'answer', status: 500, body: ''} as const;

/** A person who is at the target, and whose next event was refused: a dead letter at offset 1. */
async function withLetter(options: Parameters<typeof scene>[0] = {}): Promise<Scene> {
  const one = await scene(options);
  await one.run();
  await one.say(user('ada', {title: 'first'}));
  await one.ended(0, 'applied');
  const lift = one.target.hook(writesOf('second', refusal));
  await one.say(user('ada', {title: 'second'}));
  await one.ended(1, 'dead');
  lift();
  return one;
}

const replay = async ({letters, topic}: Scene, offset: number): Promise<void> => {
  const id = `${topic}/0/${offset}`;
  expect(await letters.retry([id])).toEqual([expect.objectContaining({id, result: 'retried'})]);
};

/*
 * 0  ada is a clerk                     applied
 * 1  ada is a judge                     written at the target, the answer is lost each time
 * 2  ada is a clerk: as in 0            must be sent: nobody knows what the target holds
 */
test('an answer lost after a write, then a snapshot equal to the state before it', async () => {
  const one = await scene({settings: {retry: {baseDelayMs: 60_000, maxDelayMs: 60_000}}});
  await one.run();
  await one.say(user('ada', {title: 'clerk'}));
  await one.ended(0, 'applied');
  one.target.hook(writesOf('judge', {kind: 'lost'}));
  await one.say(user('ada', {title: 'judge'}));
  await one.ended(1, 'parked');
  expect(one.account('ada')).toMatchObject({title: 'judge'});
  await one.say(user('ada', {title: 'clerk'}));
  await eventually(() => one.account('ada')?.['title'] === 'clerk', {what: 'ada is a clerk again'});
  await one.committed();
  await eventually(async () => (await one.lanes.counts()).parked === 0);
  expect(one.target.users.size).toBe(1);
});

/*
 * 0  ada is created          written at the target, the answer is lost each time
 * 1  ada has a title         finds her own account by its externalId, makes no second one
 */
test('a create whose answer was lost is found again and not made twice', async () => {
  const one = await scene({settings: {adopt: 'never'}});
  const lift = one.target.hook(({method}) => (method === 'POST' ? {kind: 'lost'} : undefined));
  await one.run();
  await one.say(user('ada'));
  await one.ended(0, 'parked');
  lift();
  await one.say(user('ada', {title: 'clerk'}));
  await eventually(() => one.account('ada')?.['title'] === 'clerk');
  await one.committed();
  expect(one.target.users.size).toBe(1);
});

/*
 * 0  ada is a clerk                 applied
 * 1  ada is a judge                 fails with 500: parked for an hour
 * 2  ada leaves                     does not wait for the lane; what was parked is overtaken
 */
test('a leave while the lane of its subject waits', async () => {
  const one = await scene({settings: {retry: {baseDelayMs: 3_600_000, maxDelayMs: 3_600_000}}});
  await one.run();
  await one.say(user('ada', {title: 'clerk'}));
  await one.ended(0, 'applied');
  const lift = one.target.hook(writesOf('judge', outage));
  await one.say(user('ada', {title: 'judge'}));
  await one.ended(1, 'parked');
  await one.say(leave('ada', {title: 'clerk'}));
  await one.ended(2, 'applied');
  expect(one.account('ada')).toMatchObject({active: false});
  lift();
  await one.committed();
  await eventually(async () => (await one.lanes.counts()).parked === 0, {what: 'an empty lane'});
  expect(one.account('ada')).toMatchObject({active: false, title: 'clerk'});
  expect((await one.lanes.counts()).openCutOffs).toBe(0);
});

/*
 * 0  ada is at work        applied
 * 1  ada leaves            not begun: 2 was read with it
 * 2  ada is back           unchanged: no request at all
 */
test('a leave and a rehire in one window, the leave not begun', async () => {
  const one = await scene();
  await one.run();
  await one.say(user('ada'));
  await one.ended(0, 'applied');
  const before = one.target.count();
  await one.say(leave('ada'), user('ada'));
  await one.ended(1, 'superseded');
  await one.ended(2, 'unchanged');
  expect(one.target.count()).toBe(before);
});

/*
 * 0  ada is at work        applied
 * 1  ada leaves            begun: the target was asked, and failed
 * 2  ada is back           first the cut-off is finished and proved, then she is let in
 */
test('a leave and a rehire, the leave begun', async () => {
  const one = await scene();
  await one.run();
  await one.say(user('ada'));
  await one.ended(0, 'applied');
  let failing = true;
  one.target.hook((request) => (failing ? writesOf('"value":false', outage)(request) : undefined));
  await one.say(leave('ada'));
  await one.ended(1, 'parked');
  await one.say(user('ada', {title: 'back'}));
  failing = false;
  await eventually(() => one.account('ada')?.['title'] === 'back', {what: 'ada is back'});
  await one.committed();
  await eventually(async () => (await one.lanes.counts()).parked === 0, {what: 'an empty lane'});
  const active = one.writes('ada').flatMap(({written}) => (written ? [written['active']] : []));
  expect(active.slice(0, 1)).toEqual([true]);
  expect(active.slice(1)).toContain(false);
  expect(active.at(-1)).toBe(true);
  expect((await one.lanes.counts()).openCutOffs).toBe(0);
});

/*
 * 0  ada is in scope          refused: a dead letter
 * 1  ada is out of scope      skipped, and she has no account
 * the letter of 0 is replayed: superseded, no account is made
 */
test('a letter replayed after a skip', async () => {
  const one = await scene({settings: {scope: {users: 'title eq "clerk"'}}});
  const lift = one.target.hook(writesOf('clerk', refusal));
  await one.run();
  await one.say(user('ada', {title: 'clerk'}));
  await one.ended(0, 'dead');
  lift();
  await one.say(user('ada', {title: 'judge'}));
  await one.ended(1, 'skipped');
  await replay(one, 0);
  await one.ended(0, 'superseded');
  expect(one.target.users.size).toBe(0);
});

/*
 * 0  title: first           applied
 * 1  title: second          refused: a dead letter
 * 2  title: first           unchanged
 * the letter of 1 is replayed: superseded, the title stays
 */
test('a letter replayed after an unchanged', async () => {
  const one = await withLetter();
  await one.say(user('ada', {title: 'first'}));
  await one.ended(2, 'unchanged');
  await replay(one, 1);
  await one.ended(1, 'superseded');
  expect(one.account('ada')).toMatchObject({title: 'first'});
});

/*
 * 0  title: first           applied
 * 1  title: second          refused: a dead letter
 * 2  ada leaves             cut off
 * the letter of 1 is replayed: superseded, she stays out
 */
test('a letter replayed after a cut-off', async () => {
  const one = await withLetter();
  await one.say(leave('ada', {title: 'first'}));
  await one.ended(2, 'applied');
  await replay(one, 1);
  await one.ended(1, 'superseded');
  expect(one.account('ada')).toMatchObject({active: false, title: 'first'});
});

/*
 * 0  title: first           applied
 * 1  title: second          refused: a dead letter
 * the letter of 1 is replayed once the target takes it: applied
 */
test('a letter that nothing has overtaken is applied when it is replayed', async () => {
  const one = await withLetter();
  await replay(one, 1);
  await one.ended(1, 'applied');
  expect(one.account('ada')).toMatchObject({title: 'second'});
  expect(await one.letters.counts()).toEqual({});
});
