import {afterAll, beforeAll, expect, test} from '@jest/globals';
import {cutOff} from '../../src/core/engine/cut-off.ts';
import type {CutOffMode} from '../../src/core/port.ts';
import {openRig, options, type Rig} from './testing/rig.ts';
import {equip} from './testing/store.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig({}, {pageSize: 1});
});
afterAll(() => rig.close());

const run = (id: string, mode: CutOffMode) => cutOff(rig.port.cutOffSteps(mode), id, options, Date.now);
async function equipped(): Promise<string> {
  const {id} = await rig.newUser();
  equip(rig.double.store, rig.stored(id));
  return id;
}

test('a leaver: denied first, then nothing that a lifted deny would open is left on', async () => {
  const id = await equipped();
  const before = rig.double.asked.length;
  const {receipt, failure} = await run(id, 'deactivate');
  const asked = rig.double.asked.slice(before);
  expect(failure).toBeUndefined();
  expect(receipt).toMatchObject({complete: true, missing: false});
  expect(receipt.steps.map(({name}) => name)).toEqual([
    'deny policy',
    'access keys',
    'console password',
    'service credentials',
    'certificates and SSH keys',
  ]);
  expect(receipt.steps[0]?.remains).toContain('12 hours');
  expect(asked.find((action) => !/^(Get|List)/.test(action))).toBe('PutUserPolicy');
  const user = rig.stored(id);
  expect(
    [...user.keys, ...user.services, ...user.certificates, ...user.ssh].map(([, status]) => status),
  ).toEqual(Array.from({length: 5}, () => 'Inactive'));
  expect(user.hasPassword).toBe(false);
  expect(user.attached.size).toBe(1);
});

test('delete takes all that IAM demands, the deny last, and reads back that nobody is there', async () => {
  const id = await equipped();
  const devices = [...rig.stored(id).mfa];
  const before = rig.double.asked.length;
  const {receipt, failure} = await run(id, 'delete');
  expect(failure).toBeUndefined();
  expect(receipt.complete).toBe(true);
  expect(rig.double.store.users.has(id)).toBe(false);
  expect(devices.filter((device) => rig.double.store.devices.has(device))).toEqual([]);
  const writes = rig.double.asked.slice(before).filter((action) => !/^(Get|List)/.test(action));
  expect(writes[0]).toBe('PutUserPolicy');
  expect(writes.slice(-3)).toEqual(['DeleteUserPolicy', 'DeleteUserPolicy', 'DeleteUser']);
});

test('a policy of that name that somebody emptied does not count', async () => {
  const {id} = await rig.newUser();
  await run(id, 'deactivate');
  rig.stored(id).inline.set('avro-scim-cut-off', '%7B%7D');
  const [deny] = rig.port.cutOffSteps('deactivate');
  expect(await deny?.verify(id, options)).toMatchObject({value: {ended: false}});
});

test('a right that is missing: the other steps are done all the same', async () => {
  const id = await equipped();
  rig.double.denied.add('PutUserPolicy');
  const {receipt, failure} = await run(id, 'deactivate');
  rig.double.denied.clear();
  expect(failure).toMatchObject({
    kind: 'unauthorized',
    message: expect.stringContaining('iam:PutUserPolicy'),
  });
  expect(receipt.complete).toBe(false);
  expect(receipt.steps).toHaveLength(4);
});

test('a leaver with nothing takes 22 requests', async () => {
  const {id} = await rig.newUser();
  expect(await rig.asking(() => run(id, 'deactivate'))).toHaveLength(22);
});
