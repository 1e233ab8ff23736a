import {afterAll, beforeAll, expect, test} from '@jest/globals';
import {cutOff} from '../../src/core/engine/cut-off.ts';
import type {CutOffMode} from '../../src/core/port.ts';
import {openRig, options, scripted, value, type Rig} from './testing/rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

const run = (id: string, mode: CutOffMode) => cutOff(rig.port.cutOffSteps(mode), id, options, Date.now);

test('a leaver takes two requests, and the receipt names what no call ends', async () => {
  const {id} = await rig.newUser();
  const before = rig.double.asked.length;
  const {receipt} = await run(id, 'deactivate');
  expect(rig.double.asked.slice(before)).toEqual(['PATCH /Users/*', 'GET /Users/*']);
  expect(receipt).toMatchObject({complete: true, missing: false});
  expect(receipt.steps[0]?.remains).toMatch(
    /permission sets.*12 hours.*identitystore:UserId.*portal session.*90 days/,
  );
  expect(receipt.steps[0]?.remains).toContain(id);
  expect(rig.double.store.users.get(id)?.body['active']).toBe(false);
});

test('as long as the config says that sessions live', async () => {
  rig.configure({portalSessionHours: 8, roleSessionHours: 1});
  const {id} = await rig.newUser();
  const {receipt} = await run(id, 'deactivate');
  rig.configure({});
  expect(receipt.steps[0]?.remains).toMatch(/ 1 hours at most.* 8 hours at most/);
});

test('delete shuts first, and reads back that nobody is there', async () => {
  const {id} = await rig.newUser();
  const asked = await rig.asking(() => run(id, 'delete'));
  expect(asked).toEqual(['PATCH /Users/*', 'GET /Users/*', 'DELETE /Users/*', 'GET /Users/*']);
  expect(rig.double.store.users.has(id)).toBe(false);
});

test('an account that still shows as active has not been shut', async () => {
  const {port} = scripted(({method}) =>
    method === 'PATCH' ? [200, {id: 'u'}] : [200, {id: 'u', active: true}],
  );
  const [step] = port.cutOffSteps('deactivate');
  expect(await step?.act('u', options)).toEqual({ok: true, value: 'done'});
  expect(step && value(await step.verify('u', options)).ended).toBe(false);
});
