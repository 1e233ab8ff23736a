import {afterAll, beforeAll, describe, expect, test} from '@jest/globals';
import {cutOff} from '../../src/core/engine/cut-off.ts';
import type {CutOffMode, CutOffStep, TargetPort} from '../../src/core/port.ts';
import {openRig, options, scripted, value, type Rig} from './testing/rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(async () => {
  expect(rig.double.faults).toEqual([]);
  await rig.close();
});

const statuses = [
  'STAGED',
  'PROVISIONED',
  'ACTIVE',
  'RECOVERY',
  'PASSWORD_EXPIRED',
  'LOCKED_OUT',
  'SUSPENDED',
  'DEPROVISIONED',
];
function stepOf(port: TargetPort, name: string): CutOffStep {
  const step = port.cutOffSteps('deactivate').find((one) => one.name === name);
  if (!step) throw new Error(`there is no step ${name}`);
  return step;
}
const run = (id: string, mode: CutOffMode) => cutOff(rig.port.cutOffSteps(mode), id, options, Date.now);

describe.each(['deactivate', 'suspend'] as const)('a leaver who is to %s', (deactivation) => {
  test.each(statuses)('was %s', async (status) => {
    rig.configure({deactivation});
    const {id} = await rig.newUser(status);
    rig.double.signIn(id);
    const {receipt, failure} = await run(id, 'deactivate');
    expect(failure).toBeUndefined();
    expect(receipt).toMatchObject({complete: true, missing: false});
    expect(receipt.steps.map(({name}) => name)).toEqual([
      deactivation,
      'sessions',
      'OAuth grants',
      'refresh tokens',
    ]);
    expect(receipt.steps[1]?.remains).toContain('24 hours');
    const suspended = deactivation === 'suspend' && ['ACTIVE', 'SUSPENDED'].includes(status);
    expect(receipt.steps[0]?.remains ?? '').toMatch(suspended ? /^API tokens/ : /^$/);
    expect(rig.double.rules.store.users.get(id)).toMatchObject({
      status: suspended ? 'SUSPENDED' : 'DEPROVISIONED',
      sessions: 0,
      grants: [],
      refreshTokens: [],
    });
  });
});

test('a suspended account is deactivated where the config says so', async () => {
  rig.configure({deactivation: 'deactivate'});
  const {id} = await rig.newUser('SUSPENDED');
  const step = stepOf(rig.port, 'deactivate');
  expect(value(await step.verify(id, options)).ended).toBe(false);
});

test('delete deactivates first, and reads back that nobody is there', async () => {
  const {id} = await rig.newUser('ACTIVE');
  const {receipt} = await run(id, 'delete');
  expect(receipt).toMatchObject({complete: true});
  expect(rig.double.rules.store.users.has(id)).toBe(false);
  const asked = rig.double.asked.slice(-20);
  expect(asked.indexOf('deactivateUser')).toBeLessThan(asked.indexOf('deleteUser'));
});

test('refresh tokens that outlived the sessions are revoked app by app', async () => {
  const {id} = await rig.newUser('ACTIVE');
  rig.double.signIn(id);
  rig.double.rules.store.users.get(id)?.refreshTokens.push('0oaMail');
  const step = stepOf(rig.port, 'refresh tokens');
  expect(value(await step.verify(id, options)).ended).toBe(false);
  expect(value(await step.act(id, options))).toBe('done');
  expect(value(await step.verify(id, options)).ended).toBe(true);
  expect(rig.double.rules.store.users.get(id)?.grants).toEqual(['0oaWiki']);
});

test.each([
  ['ACTIVE', 'DEPROVISIONED'],
  ['DEPROVISIONED', 'ACTIVE'],
])('an account on its way from %s to %s has not been shut', async (status, transitioningToStatus) => {
  const {port} = scripted(() => [200, {id: 'u', status, transitioningToStatus, profile: {}}]);
  for (const step of port.cutOffSteps('deactivate').slice(0, 2))
    expect(value(await step.verify('u', options)).ended).toBe(false);
});

describe('a deactivation that takes its time', () => {
  const slowly = async (run: (id: string) => Promise<void>): Promise<void> => {
    rig.configure({});
    const {id} = await rig.newUser('ACTIVE');
    rig.double.signIn(id);
    rig.double.rules.transitionRequests = 1000;
    await run(id).finally(() => (rig.double.rules.transitionRequests = 0));
  };

  test.each(['deactivate', 'suspend'] as const)('is waited for where it is to %s', async (deactivation) => {
    await slowly(async (id) => {
      const first = await run(id, 'deactivate');
      expect(first.failure).toMatchObject({kind: 'transient', cause: 'cut-off deactivate not ended'});
      rig.configure({deactivation});
      expect(value(await stepOf(rig.port, deactivation).act(id, options))).toBe('done');
      expect(value(await stepOf(rig.port, deactivation).verify(id, options)).ended).toBe(false);
      rig.double.rules.transitionRequests = 0;
      rig.double.rules.store.requests += 1000;
      expect((await run(id, 'deactivate')).receipt.complete).toBe(true);
    });
  });

  test('is not taken for a refused deletion', async () => {
    await slowly(async (id) => {
      expect(await rig.port.users.remove(id, options)).toMatchObject({
        failure: {kind: 'transient', cause: '403 E0000038 under way'},
      });
      rig.double.rules.store.requests += 1000;
      expect(value(await rig.port.users.remove(id, options))).toBe('removed');
    });
  });

  test('is not taken for an account that is open, when the person comes back', async () => {
    await slowly(async (id) => {
      await run(id, 'deactivate');
      const back = {desired: {active: true}, changed: ['active']};
      expect(await rig.port.users.update(id, back, options)).toMatchObject({failure: {kind: 'transient'}});
      rig.double.rules.transitionRequests = 0;
      rig.double.rules.store.requests += 1000;
      expect(value(await rig.port.users.update(id, back, options))).toBe('updated');
      expect(rig.double.rules.store.users.get(id)?.status).toBe('PROVISIONED');
    });
  });
});

test('an activation under way is waited for, and the account is not called shut', async () => {
  rig.configure({});
  const {id} = await rig.newUser('STAGED');
  rig.double.rules.transitionRequests = 1000;
  value(await rig.port.users.update(id, {desired: {active: true}, changed: ['active']}, options));
  for (const deactivation of ['deactivate', 'suspend'] as const) {
    rig.configure({deactivation});
    expect((await run(id, 'deactivate')).failure?.kind).toBe('transient');
    const off = {desired: {active: false}, changed: ['active']};
    expect(await rig.port.users.update(id, off, options)).toMatchObject({ok: false});
  }
  rig.double.rules.transitionRequests = 0;
  rig.double.rules.store.requests += 1000;
  expect((await run(id, 'deactivate')).receipt.complete).toBe(true);
});

test('what Okta does not show of a deactivated account is no failure, and the receipt says so', async () => {
  rig.configure({});
  const {id} = await rig.newUser('ACTIVE');
  rig.double.rules.refusesAccessIn = ['DEPROVISIONED'];
  const {receipt, failure} = await run(id, 'deactivate');
  rig.double.rules.refusesAccessIn = [];
  expect(failure).toBeUndefined();
  expect(receipt.complete).toBe(true);
  for (const step of receipt.steps.slice(1)) expect(step.remains).toContain('Okta does not show');
});

test('what Okta does not do to a suspended account is not done', async () => {
  const {port} = scripted(
    ({method, url}) => {
      if (method !== 'GET') return [403, {errorCode: 'E0000038', errorCauses: []}];
      return [200, url.pathname.endsWith('/u') ? {id: 'u', status: 'SUSPENDED', profile: {}} : []];
    },
    {deactivation: 'suspend'},
  );
  for (const step of port.cutOffSteps('deactivate').slice(1, 3))
    expect(await step.act('u', options)).toMatchObject({failure: {kind: 'rejected', cause: '403 E0000038'}});
});

test('an answer for another account proves nothing', async () => {
  const {port} = scripted(() => [200, {id: 'other', status: 'ACTIVE', profile: {}}]);
  for (const step of port.cutOffSteps('delete'))
    if (step.name === 'deactivate' || step.name === 'delete')
      expect(await step.verify('u', options)).toMatchObject({
        failure: {kind: 'rejected', cause: '200 undocumented'},
      });
});

test('a call that a deactivated account refuses is judged by the read', async () => {
  const {port} = scripted(({method}) =>
    method === 'GET'
      ? [200, {id: 'u', status: 'DEPROVISIONED', profile: {}}]
      : [403, {errorCode: 'E0000038', errorCauses: []}],
  );
  for (const step of port.cutOffSteps('deactivate').slice(0, 3))
    expect(await step.act('u', options)).toEqual({ok: true, value: 'done'});
});

test.each([
  ["an administrator's account", 200, {kind: 'rejected', cause: '403 E0000006 account'}],
  ['a credential that lost its rights', 403, {kind: 'unauthorized', cause: '403 E0000006'}],
])('%s is told from what other accounts may be read', async (_name, status, failure) => {
  const refusal = {errorCode: 'E0000006', errorCauses: []};
  const {port} = scripted(({method, url}) => {
    if (method !== 'GET') return [403, refusal];
    if (url.search === '') return [200, {id: 'u', status: 'ACTIVE', profile: {}}];
    return status === 200 ? [200, []] : [status, refusal];
  });
  expect(await stepOf(port, 'deactivate').act('u', options)).toMatchObject({failure});
});

test("an administrator's account is refused alone, whatever is asked of it", async () => {
  rig.configure({});
  const {id} = await rig.newUser('ACTIVE');
  rig.double.rules.beyondRole.add(id);
  const results = [
    await rig.port.users.get(id, options),
    await rig.port.users.update(id, {desired: {title: 'x'}}, options),
    await rig.port.users.remove(id, options),
    ...(await Promise.all(rig.port.cutOffSteps('delete').map((step) => step.act(id, options)))),
    ...(await Promise.all(rig.port.cutOffSteps('delete').map((step) => step.verify(id, options)))),
  ];
  rig.configure({deactivation: 'suspend'});
  results.push(await stepOf(rig.port, 'suspend').act(id, options));
  for (const result of results)
    expect(result).toMatchObject({failure: {kind: 'rejected', cause: '403 E0000006 account'}});
});

test('a leaver without tokens takes nine requests', async () => {
  rig.configure({});
  const {id} = await rig.newUser('ACTIVE');
  const before = rig.double.asked.length;
  await run(id, 'deactivate');
  expect(rig.double.asked.length - before).toBe(9);
});
