import {expect, test} from '@jest/globals';
import type {Failure} from '../../../src/core/failure.ts';
import type {Statement} from '../../../src/core/statement.ts';
import {dispatchRig, type DispatchRig} from './rig.ts';

const meta = {eventId: '', occurredAt: 0, source: 'hr'};
const group = (displayName: string): Statement => ({
  kind: 'group',
  subject: 'team',
  meta,
  group: {id: 'team', displayName},
});
const lost: Failure = {kind: 'transient', cause: 'no answer', message: 'no answer', maybeDone: true};

/** The create is carried out, at a service that keeps no externalId, and its answer is lost. */
async function createdUnseen(rig: DispatchRig): Promise<void> {
  rig.here.answer = ({what}) => {
    if (what !== 'create group') return undefined;
    rig.here.groups.set('unseen', {displayName: 'Team'});
    return lost;
  };
  await rig.ended(rig.say(group('Team')), 'parked');
  rig.here.answer = () => undefined;
}

test('a group that may have been made is found by its name, where its externalId is not kept', async () => {
  const rig = await dispatchRig();
  await createdUnseen(rig);
  expect(await rig.ended(0, 'applied')).toMatchObject({did: 'adopted'});
  expect([...rig.here.groups.keys()]).toEqual(['unseen']);
});

test.each([
  ['renamed', group('Crew')],
  ['deleted', {kind: 'deletion', of: 'group', subject: 'team', meta} as const],
])('one that is %s meanwhile is found by the name that it was given', async (_, next) => {
  const rig = await dispatchRig({retry: {maxAgeMs: 3_600_000, baseDelayMs: 60_000, maxDelayMs: 60_000}});
  await createdUnseen(rig);
  const at = rig.say(next);
  await rig.ended(at, 'applied');
  const names = [...rig.here.groups.values()].map(({displayName}) => displayName);
  expect(names).toEqual(next.kind === 'group' ? ['Crew'] : []);
});

test('a group of that name with another externalId is not the one that may have been made', async () => {
  const rig = await dispatchRig();
  rig.here.groups.set('other', {displayName: 'Team', externalId: 'crew'});
  rig.here.answer = ({what}) => (what === 'create group' ? lost : undefined);
  await rig.ended(rig.say(group('Team')), 'parked');
  rig.here.answer = () => undefined;
  expect((await rig.ended(0, 'dead')).failure).toMatchObject({cause: 'another externalId'});
  await rig.ended(rig.say({kind: 'deletion', of: 'group', subject: 'team', meta}), 'unchanged');
  expect(rig.here.groups.size).toBe(1);
});
