import {expect, test} from '@jest/globals';
import {failed, ok, type Result} from '../../../src/core/failure.ts';
import {createPolicy} from '../../../src/core/policy.ts';
import type {Statement} from '../../../src/core/statement.ts';
import type {Entry} from '../../../src/core/window.ts';
import {eventually} from '../../support/eventually.ts';
import {dispatchRig, gone, person, type DispatchRig} from './rig.ts';

const occurredAt = 1_690_000_000_000;
const said = (statement: Statement): Statement => ({...statement, meta: {...statement.meta, occurredAt}});
const members = (subject: string, ...added: string[]): Statement => ({
  ...{kind: 'membership', subject, added, removed: []},
  // Later than what the rig says.
  meta: {eventId: '', occurredAt: 1_710_000_000_000, source: 'hr'},
});
const group = (id: string): Statement => ({
  ...{kind: 'group', subject: id, group: {id, displayName: id, members: []}},
  meta: {eventId: '', occurredAt: 0, source: 'hr'},
});
const broken: Result<Statement> = failed({
  kind: 'undecodable',
  cause: 'undecodable: map',
  message: 'map: wrong',
});

/** What records of the topic `raw` say, by their keys; the rig's own say what they hold. */
async function keyedRig(settings: Parameters<typeof dispatchRig>[0] = {}) {
  const says = new Map<string, Result<Statement>>();
  const settled: Entry[] = [];
  const rig = await dispatchRig({
    decode: ({topic, key, value}) =>
      topic === 'raw' ? (says.get(String(key)) ?? broken) : ok(JSON.parse(String(value)) as Statement),
    settled: (entries) => void settled.push(...entries),
    ...settings,
  });
  return {rig, says, settled};
}

/** Read while it said nothing: filed under the record's own key. */
function file({stages, dispatcher}: DispatchRig, keys: string[], more: Partial<Entry> = {}): void {
  for (const [offset, key] of keys.entries()) {
    const record = {
      topic: 'raw',
      partition: 0,
      offset,
      timestamp: 1,
      key: Buffer.from(key),
      value: null,
      headers: {},
    };
    stages.window.offer({
      ...{record, source: 2, subject: key, occurredAt: 1, kind: 'none', saysMembers: false, bytes: 1},
      ...more,
    });
  }
  dispatcher.wake();
}
const endOf = ({audit}: DispatchRig, outcome: string, offset = 0) =>
  eventually(
    () => audit.find((one) => one.topic === 'raw' && one.offset === offset && one.outcome === outcome),
    {what: outcome, deadlineMs: 5000},
  );

test('a letter of a map that was mended is retried for whom its record is about, and the leaver loses access', async () => {
  const {rig, says} = await keyedRig();
  file(rig, ['4711']);
  expect(await endOf(rig, 'dead')).toMatchObject({subject: '4711'});
  says.set('4711', ok(said(person('E-4711'))));
  const {letters, lanes} = rig.stages;
  expect(await letters.retry(['raw/0/0'])).toMatchObject([{result: 'retried', subject: '4711'}]);
  expect(await endOf(rig, 'applied')).toMatchObject({subject: 'E-4711', did: 'created', occurredAt});
  expect(await endOf(rig, 'parked')).toMatchObject({
    subject: 'E-4711',
    reason: expect.stringMatching(/filed under/),
  });
  expect(rig.here.named('E-4711')?.attributes).toMatchObject({externalId: 'E-4711', active: true});
  await eventually(async () => (await lanes.parked()) === 0);
  expect(await rig.redis.hexists(rig.key('s'), '4711')).toBe(0);

  const [, left] = [rig.say(person('other')), rig.say(gone('E-4711'))];
  expect(await rig.ended(left, 'applied')).toMatchObject({did: 'cut off', receipt: {complete: true}});
  expect(rig.here.named('E-4711')?.attributes).toMatchObject({active: false});
});

test('what was filed while the registry knew no schema is parked once for its subject, however often it comes', async () => {
  const {rig, says, settled} = await keyedRig();
  rig.here.users.set('old', {userName: 'E-1', externalId: 'E-1', active: true});
  says.set('1', ok(said(gone('E-1'))));
  file(rig, ['1']);
  expect(await endOf(rig, 'applied')).toMatchObject({subject: 'E-1', did: 'cut off'});
  expect(settled.map(({subject}) => subject)).toEqual(['1']);
  // Read again: the process died before it was committed.
  file(rig, ['1']);
  await eventually(() => settled.length === 2);
  await eventually(async () => (await rig.stages.lanes.parked()) === 0);
  expect(rig.here.calls.filter(({what}) => what === 'deactivate user')).toHaveLength(1);
  expect(rig.stages.window.size).toBe(0);
});

test('a delta keeps its news, and of several in one unit each goes where it belongs', async () => {
  const {rig, says, settled} = await keyedRig();
  await rig.ended(rig.say(group('g1'), group('g2'), person('u1')) + 2, 'applied');
  await rig.ended(1, 'applied');
  says.set('a', ok(members('g1', 'u1')));
  says.set('b', ok(members('g2', 'u1')));
  file(rig, ['a', 'b'], {subject: 'g1', kind: 'delta'});
  await endOf(rig, 'applied', 0);
  expect(await endOf(rig, 'applied', 1)).toMatchObject({subject: 'g2', members: {added: ['u1']}});
  expect(rig.here.calls.filter(({what}) => what === 'change members')).toHaveLength(2);
  await eventually(() => settled.filter(({record}) => record.topic === 'raw').length === 2);
});

test('the audit says that the mapping of a leaver fails', async () => {
  const attributes = {nickName: {expression: '$error("x")'}};
  const rig = await dispatchRig({policy: createPolicy({scope: {}, attributes})});
  rig.here.users.set('old', {userName: 'u1', externalId: 'u1', active: true});
  expect(await rig.ended(rig.say(gone('u1')), 'applied')).toMatchObject({
    did: 'cut off',
    failure: {kind: 'undecodable', cause: 'undecodable: mapping of nickName'},
  });
});
