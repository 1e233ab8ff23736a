import {expect, test} from '@jest/globals';
import {createPolicy} from '../../../src/core/policy.ts';
import type {ProtectionSettings} from '../../../src/core/protection.ts';
import type {Statement} from '../../../src/core/statement.ts';
import {dispatchRig, gone, person, type DispatchRig} from './rig.ts';

const meta = {eventId: '', occurredAt: 0, source: 'hr'};
const deleted = (subject: string): Statement => ({kind: 'deletion', of: 'user', subject, meta});
const group = (subject: string, members: string[]): Statement => ({
  ...{kind: 'group', subject, meta},
  group: {id: subject, displayName: subject, members},
});

interface Watched extends DispatchRig {
  warned: string[];
}

async function protecting(protects: Partial<ProtectionSettings>): Promise<Watched> {
  const warned: string[] = [];
  const ignore = (): void => undefined;
  const warn = (fields: object, message: string): void =>
    void warned.push(`${message} ${JSON.stringify(fields)}`);
  const log = {debug: ignore, info: ignore, warn, error: ignore};
  return {...(await dispatchRig({log}, {names: [], filters: [], groups: [], ...protects})), warned};
}

const writes = ({here}: DispatchRig): string[] =>
  here.calls.map(({what, whom}) => `${what} ${whom}`).filter((call) => !/^(find|get) /.test(call));

test('what an event says protects: no account is made or changed, and a leaver is warned of', async () => {
  const rig = await protecting({filters: ['title eq "Root"']});
  await rig.ended(rig.say(person('u1', {title: 'Clerk'})), 'applied');
  const reason = 'protected by the filter title eq "Root"';
  const root = {title: 'Root'};
  expect(await rig.ended(rig.say(person('u1', root)), 'skipped')).toMatchObject({reason});
  expect(rig.warned).toEqual([]);
  expect(await rig.ended(rig.say(person('u1', {...root, active: false})), 'skipped')).toMatchObject({reason});
  expect(await rig.ended(rig.say(person('u2', root)), 'skipped')).toMatchObject({reason});
  expect(rig.warned).toEqual([expect.stringContaining('"subject":"u1"')]);
  expect(writes(rig)).toEqual(['create user u1']);
});

test.each<[string, Partial<ProtectionSettings>]>([
  ['the name', {names: ['root@example.com']}],
  ['the filter', {filters: ['userType eq "Service"']}],
])('a leave that says nothing is asked of the account: %s', async (how, protects) => {
  const rig = await protecting(protects);
  await rig.ended(rig.say(person('u1')), 'applied');
  // Somebody has made it so at the target.
  Object.assign(rig.here.named('u1')?.attributes ?? {}, {userName: 'root@example.com', userType: 'Service'});
  const left = await rig.ended(rig.say(deleted('u1')), 'skipped');
  expect(left.reason).toContain(`protected by ${how}`);
  expect(rig.warned).toHaveLength(1);
  expect(writes(rig)).toEqual(['create user u1']);
  expect(await rig.redis.exists(rig.key('c'), rig.key('g'))).toBe(0);
});

test('an account that is protected by its user name is not renamed, and then protected no more', async () => {
  const rig = await protecting({names: ['root@example.com']});
  await rig.ended(rig.say(person('u1')), 'applied');
  // As before the rule was written.
  Object.assign(rig.here.named('u1')?.attributes ?? {}, {userName: 'root@example.com'});
  for (const title of ['Clerk', 'Boss']) {
    const renamed = await rig.ended(rig.say(person('u1', {userName: 'ada', title})), 'skipped');
    expect(renamed.reason).toBe('protected by the name root@example.com');
  }
  expect(writes(rig)).toEqual(['create user u1']);
});

test('what is found is not taken over, and who left and is found is let be', async () => {
  const rig = await protecting({names: ['root'], filters: []});
  rig.here.users.set('root', {userName: 'joe', externalId: 'u1', active: true});
  const before = {...rig.here.users.get('root')};
  for (const said of [person('u1', {userName: 'joe'}), gone('u1')])
    expect((await rig.ended(rig.say(said), 'skipped')).reason).toBe('protected by the name root');
  // It is not asked of the account again: what it has shown stands until an event says something of the user.
  expect((await rig.ended(rig.say(deleted('u1')), 'skipped')).reason).toBe('protected by a name or a filter');
  expect(rig.here.users.get('root')).toEqual(before);
  expect(await rig.redis.exists(rig.key('o'), rig.key('c'))).toBe(0);
  expect(await rig.stages.letters.counts()).toEqual({});
});

test('a list without a protected member leaves it in, and says so', async () => {
  const rig = await protecting({groups: ['keys']});
  for (const said of [person('u1'), person('u2'), group('keys', ['u1']), group('g', ['u1', 'u2'])])
    await rig.ended(rig.say(said), 'applied');
  const emptied = await rig.ended(rig.say(group('g', [])), 'applied');
  expect(emptied.members).toEqual({added: [], removed: ['u2'], kept: ['u1']});
  expect(rig.warned).toEqual([expect.stringContaining('"members":["u1"]')]);
  expect((await rig.ended(rig.say(gone('u1')), 'skipped')).reason).toBe('protected by the group keys');
  const dropped: Statement = {kind: 'deletion', of: 'group', subject: 'keys', meta};
  expect((await rig.ended(rig.say(dropped), 'skipped')).reason).toBe('protected by the group keys');
  expect(rig.here.groups.size).toBe(2);
  expect(rig.warned.at(-1)).toContain('a protected group is neither deleted nor emptied');
});

test('a protected group of the target’s own is not emptied when it is deleted, and its members stay protected', async () => {
  const rules = {names: [], filters: [], groups: ['keys']};
  const groups = {create: true, map: {keys: {id: 'g-1'}}};
  const rig = await dispatchRig({policy: createPolicy({scope: {}, attributes: {}, groups})}, rules);
  rig.here.groups.set('g-1', {displayName: 'keys'});
  for (const said of [person('u1'), group('keys', ['u1'])]) await rig.ended(rig.say(said), 'applied');
  const before = writes(rig);
  const dropped: Statement = {kind: 'deletion', of: 'group', subject: 'keys', meta};
  for (const said of [dropped, gone('u1')])
    expect((await rig.ended(rig.say(said), 'skipped')).reason).toBe('protected by the group keys');
  expect(writes(rig)).toEqual(before);
});

test('one cut off by hand is protected all the same, and the person is told', async () => {
  const rig = await protecting({filters: ['userType eq "Service"']});
  rig.here.users.set('r1', {userName: 'svc', externalId: 'svc', userType: 'Service', active: true});
  await rig.stages.hands.mark('svc', {by: 'ada@desk', at: Date.now()}, rig.stages.lanes);
  await rig.dispatcher.workLane('svc');
  expect(await rig.stages.hands.end('svc')).toMatchObject({
    ...{complete: false, reason: 'protected by the filter userType eq "Service"'},
  });
  expect(rig.audit.at(-1)).toMatchObject({outcome: 'skipped', actor: {id: 'ada@desk'}});
  expect(writes(rig)).toEqual([]);
  expect(await rig.redis.exists(rig.key('lane:svc'), rig.key('c'), rig.key('hand'))).toBe(0);
});
