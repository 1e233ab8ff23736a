import {afterEach, beforeEach, describe, expect, test} from '@jest/globals';
import {cutOff} from '../../src/core/engine/cut-off.ts';
import type {CutOffMode} from '../../src/core/port.ts';
import {newPolicy, type StoredPolicy} from '../aws-iam/testing/policies.ts';
import {useCredential} from '../aws-iam/testing/rig.ts';
import {startIam, type IamDouble} from '../aws-iam/testing/start.ts';
import {fromDocument, toDocument} from './deny-document.ts';
import {openRig, options, value, type Rig} from './testing/rig.ts';

const policyArn = 'arn:aws:iam::123456789012:policy/avro-scim-denied';
const day = 86_400_000;
let iam: IamDouble;
let policy: StoredPolicy;
let rig: Rig;
let now: number;
beforeEach(async () => {
  useCredential('AKIATEST');
  now = Date.parse('2026-11-24T10:00:00Z');
  iam = await startIam('AKIATEST');
  policy = newPolicy(toDocument({denied: new Map()}));
  iam.store.policies.set(policyArn, policy);
  const settings = {portalSessionHours: 8, roleSessionHours: 4, tokenExpires: '2027-11-01'};
  rig = await openRig({...settings, denyPolicies: [{policyArn, endpoint: iam.url}]}, {now: () => now});
});
afterEach(async () => {
  await rig.close();
  await iam.close();
});

const run = (id: string, mode: CutOffMode = 'deactivate') =>
  cutOff(rig.port.cutOffSteps(mode), id, options, Date.now);
const inForce = (): string => policy.versions.get(policy.inForce) ?? '';
const denied = (): string[] => [...(fromDocument(inForce())?.denied.keys() ?? [])].sort();
/** Another replica's whole write, between what was read here and what is written; `then` sees what is asked afterwards. */
function meanwhile(ids: string[], then?: () => void): void {
  iam.onAsked = (action) => {
    if (action !== 'CreatePolicyVersion') return;
    iam.onAsked = then;
    policy.newest += 1;
    const denied = new Map(ids.map((id) => [id, '20261124']));
    policy.versions.set(policy.newest, toDocument({denied, after: policy.newest - 1}));
    policy.inForce = policy.newest;
  };
}

test('a leaver is denied by id in every account with a policy, until no session can be left', async () => {
  const {id} = await rig.newUser();
  const {receipt, failure} = await run(id);
  expect(failure).toBeUndefined();
  expect(receipt).toMatchObject({complete: true, steps: [{name: 'deactivate'}, {name: 'deny policy'}]});
  expect(receipt.steps[0]).not.toHaveProperty('remains');
  expect(receipt.steps[1]?.remains).toMatch(/do not carry the deny policy.*4 hours/);
  expect(JSON.parse(inForce())).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'AvroScimUntil20261124After1',
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: {StringEquals: {'identitystore:UserId': [id]}},
      },
    ],
  });
  const [before] = [iam.asked.length];
  expect((await run(id)).receipt.complete).toBe(true);
  expect(iam.asked.slice(before)).not.toContain('CreatePolicyVersion');
});

test('one who comes back is let in again, and a mover asks IAM for nothing', async () => {
  const {id} = await rig.newUser();
  await run(id);
  const update = (desired: {active: true} | {title: string}) =>
    rig.port.users.update(id, {desired, changed: Object.keys(desired)}, options);
  expect(value(await update({active: true}))).toBe('updated');
  expect(denied()).toEqual([]);
  const before = iam.asked.length;
  expect(value(await update({title: 'Dr'}))).toBe('updated');
  expect(iam.asked.length).toBe(before);
});

test('one who is deleted stays denied: their sessions live on', async () => {
  const {id} = await rig.newUser();
  expect((await run(id, 'delete')).receipt.complete).toBe(true);
  expect(denied()).toEqual([id]);
});

test('whose sessions are over leaves with the next change', async () => {
  const [first, second] = [await rig.newUser(), await rig.newUser()];
  await run(first.id);
  now += 2 * day;
  await run(second.id);
  expect(denied()).toEqual([second.id]);
});

test('many at once, and never more versions than IAM keeps', async () => {
  const users = await Promise.all(Array.from({length: 8}, () => rig.newUser()));
  const ended = await Promise.all(users.map(({id}) => run(id)));
  expect(ended.map(({receipt}) => receipt.complete)).toEqual(users.map(() => true));
  expect(denied()).toEqual(users.map(({id}) => id).sort());
  expect(policy.versions.size).toBe(5);
});

test('what another replica wrote meanwhile is kept, and what it took off stays off', async () => {
  const [known, {id}] = [await rig.newUser(), await rig.newUser()];
  await run(known.id);
  meanwhile(['of-the-other']);
  expect((await run(id)).receipt.complete).toBe(true);
  expect(denied()).toEqual([id, 'of-the-other'].sort());
});

test('what another wrote is not lost when the write that missed it is stopped right after', async () => {
  const [first, next] = [await rig.newUser(), await rig.newUser()];
  meanwhile(['of-the-other'], () => iam.denied.add('ListPolicyVersions'));
  expect((await run(first.id)).receipt.complete).toBe(false);
  iam.onAsked = undefined;
  iam.denied.clear();
  expect(denied()).toEqual([first.id]);
  expect((await run(next.id)).receipt.complete).toBe(true);
  expect(denied()).toEqual([first.id, next.id, 'of-the-other'].sort());
});

test('a version that was not read is not deleted for want of room', async () => {
  for (let i = 0; i < 4; i++) await run((await rig.newUser()).id);
  const {id} = await rig.newUser();
  // Five others at once, between what is read here and what is written: IAM keeps no more.
  let lists = 0;
  iam.onAsked = (action) => {
    if (action !== 'ListPolicyVersions' || ++lists !== 2) return;
    policy.versions.clear();
    for (let i = 0; i < 5; i++) {
      const denied = new Map([[`other-${i}`, '20261124']]);
      policy.versions.set(++policy.newest, toDocument({denied}));
    }
    policy.inForce = policy.newest;
  };
  expect((await run(id)).failure).toMatchObject({kind: 'transient', cause: 'deny policy contended'});
  expect(policy.versions.size).toBe(5);
  expect(denied()).toEqual(['other-4']);
});

test('one for whom there is no room puts nobody out of the policy', async () => {
  const {id} = await rig.newUser();
  const filled = (length: number) => new Map([['x'.repeat(length), '20261124']]);
  const many = filled(6144 - 20 - toDocument({denied: filled(0), after: 1}).length);
  policy.versions.set(1, toDocument({denied: many}));
  // Who wrote version 3 had not read 2, and was stopped.
  policy.versions.set(2, toDocument({denied: new Map([...many, ['other', '20261124']]), after: 1}));
  policy.versions.set(3, toDocument({denied: many, after: 1}));
  policy.newest = policy.inForce = 3;
  expect((await run(id)).failure).toMatchObject({kind: 'rejected', cause: 'deny policy full'});
  expect(denied()).toContain('other');
});

describe('what fails is the step alone', () => {
  test.each<[string, string, () => void]>([
    ['rejected', 'deny policy of others', () => policy.versions.set(1, '{"Version":"2012-10-17"}')],
    [
      'rejected',
      'deny policy full',
      () => {
        const ids = Array.from(
          {length: 130},
          () => [`9067729b3d-${crypto.randomUUID()}`, '20261124'] as const,
        );
        policy.versions.set(1, toDocument({denied: new Map(ids)}));
      },
    ],
    [
      'transient',
      'deny policy: 403 AccessDenied',
      () => iam.denied.add('CreatePolicyVersion').add('ListUsers'),
    ],
    ['transient', 'deny policy: 400 Throttling', () => (iam.limit = 0)],
    ['rejected', '404 NoSuchEntity', () => iam.store.policies.delete(policyArn)],
  ])('%s, %s', async (kind, cause, happens) => {
    const {id} = await rig.newUser();
    happens();
    const {receipt, failure} = await run(id);
    expect(failure).toMatchObject({kind, cause});
    expect(receipt).toMatchObject({complete: false, steps: [{name: 'deactivate'}]});
  });
});

test('check tells of a policy that can not work', async () => {
  const warnings = async () => value(await rig.port.check(options.signal)).warnings;
  expect(await warnings()).toEqual([]);
  policy.attachments = 0;
  expect(await warnings()).toEqual([expect.stringContaining('attached to nothing')]);
  iam.denied.add('ListPolicyVersions');
  expect(await warnings()).toEqual([expect.stringContaining('iam:ListPolicyVersions')]);
});
