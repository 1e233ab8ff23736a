import {afterAll, beforeAll, describe, expect, test} from '@jest/globals';
import {cutOff} from '../../src/core/engine/cut-off.ts';
import type {CutOffMode} from '../../src/core/port.ts';
import {openRig, options, value, type Rig} from './testing/rig.ts';
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
    kind: 'rejected',
    message: expect.stringContaining('iam:PutUserPolicy'),
  });
  expect(receipt.complete).toBe(false);
  expect(receipt.steps).toHaveLength(4);
});

test('a leaver with nothing takes 22 requests', async () => {
  const {id} = await rig.newUser();
  expect(await rig.asking(() => run(id, 'deactivate'))).toHaveLength(22);
});

test('what a step reads does not wait for the name: of what is read at once one answer waits for the next request', async () => {
  const {id} = await rig.newUser();
  const [deny, ...others] = rig.port.cutOffSteps('deactivate');
  expect(await deny?.act(id, options)).toEqual({ok: true, value: 'done'});
  const reads = [
    deny && ((): Promise<object> => deny.verify(id, options)),
    ...others.flatMap((step) => [() => step.act(id, options), () => step.verify(id, options)]),
  ];
  for (const read of reads) {
    const another = Promise.withResolvers<undefined>();
    rig.double.beforeAnswer = (action) => {
      if (action === 'GetUser') return another.promise;
      another.resolve(undefined);
      return undefined;
    };
    expect(await read?.()).toMatchObject({ok: true});
  }
  rig.double.beforeAnswer = undefined;
  expect(reads).toHaveLength(9);
});

test('one who was renamed since: the keys that are turned off are theirs, not of who has the name now', async () => {
  const {id} = await rig.newUser('renamed');
  equip(rig.double.store, rig.stored(id));
  rig.stored(id).name = 'renamed.2';
  const {id: other} = await rig.newUser('renamed');
  equip(rig.double.store, rig.stored(other));
  const {receipt} = await run(id, 'deactivate');
  expect(receipt).toMatchObject({complete: true, missing: false});
  expect(rig.stored(id).hasPassword).toBe(false);
  expect([...rig.stored(id).keys.values()]).not.toContain('Active');
  expect(rig.stored(other).hasPassword).toBe(true);
  expect([...rig.stored(other).keys.values()]).toContain('Active');
});

test('a key that has expired is no access, and is left as it is', async () => {
  const {id} = await rig.newUser();
  rig.stored(id).services.set('ACCAEXPIRED', 'Expired');
  const asked = await rig.asking(async () => {
    expect((await run(id, 'deactivate')).receipt.complete).toBe(true);
  });
  expect(asked).not.toContain('UpdateServiceSpecificCredential');
});

test.each(['deactivate', 'delete'] as const)('one who was moved to another path: %s', async (mode) => {
  const made = await openRig({path: '/people/'});
  const {id} = await made.newUser('moved');
  equip(made.double.store, made.stored(id));
  made.stored(id).path = '/robots/';
  const steps = made.another().cutOffSteps(mode);
  const {receipt} = await cutOff(steps, id, options, Date.now);
  expect(receipt).toMatchObject({complete: true, missing: false});
  expect(made.double.store.users.get(id)?.inline.has('avro-scim-cut-off')).toBe(
    mode === 'delete' ? undefined : true,
  );
  await made.close();
});

test.each(['ListAccessKeys', 'GetLoginProfile', 'ListSSHPublicKeys'])(
  'what is held is not believed of a part of IAM that does not know the user: %s',
  async (action) => {
    const id = await equipped();
    rig.double.store.behind.add(action);
    const {receipt, failure} = await run(id, 'deactivate');
    rig.double.store.behind.clear();
    expect(failure).toMatchObject({kind: 'transient', cause: 'not visible yet'});
    expect(receipt.steps).toHaveLength(4);
  },
);

describe('a deny that does not fit beside the policies of the user', () => {
  const arn = 'arn:aws:iam::aws:policy/AWSDenyAll';
  const crowded = async (): Promise<string> => {
    const {id} = await rig.newUser();
    rig.stored(id).inline.set('own', encodeURIComponent(`{"Statement":"${'x'.repeat(2000)}"}`));
    return id;
  };
  const activate = (id: string) =>
    rig.port.users.update(id, {desired: {active: true}, changed: ['active']}, options);

  test("AWS's own is attached, and taken off for one who comes back", async () => {
    const id = await crowded();
    expect((await run(id, 'deactivate')).receipt.complete).toBe(true);
    expect([...rig.stored(id).attached]).toEqual([arn]);
    expect(value(await rig.port.users.get(id, options))?.attributes['active']).toBe(false);
    expect(value(await activate(id))).toBe('updated');
    expect(rig.stored(id)).toMatchObject({attached: new Set(), inline: {size: 1}});
    expect(rig.stored(id).tags.has('avro-scim:cut-off')).toBe(false);
  });

  test('one that somebody else attached stays', async () => {
    const {id} = await rig.newUser();
    rig.stored(id).attached.add(arn);
    expect(value(await activate(id))).toBe('updated');
    expect(rig.stored(id).attached.has(arn)).toBe(true);
  });

  test('one that somebody else had attached shuts the account too, and stays for one who comes back', async () => {
    const id = await crowded();
    rig.stored(id).attached.add(arn);
    expect((await run(id, 'deactivate')).receipt.complete).toBe(true);
    expect(value(await activate(id))).toBe('updated');
    expect(rig.stored(id).attached.has(arn)).toBe(true);
  });

  test('one whose answer was lost is known to be attached here', async () => {
    const id = await crowded();
    rig.double.onAsked = (asked) => {
      if (asked === 'AttachUserPolicy') rig.stored(id).attached.add(arn);
    };
    rig.double.denied.add('AttachUserPolicy');
    expect((await run(id, 'deactivate')).receipt.complete).toBe(true);
    rig.double.onAsked = undefined;
    rig.double.denied.clear();
    expect(value(await activate(id))).toBe('updated');
    expect(rig.stored(id).attached.has(arn)).toBe(false);
  });

  test('a tag that is refused keeps nobody in', async () => {
    const id = await crowded();
    rig.double.denied.add('TagUser');
    await run(id, 'deactivate');
    rig.double.denied.clear();
    expect(rig.stored(id).attached.has(arn)).toBe(true);
  });

  test('a deletion takes it off last', async () => {
    const id = await crowded();
    const before = rig.double.asked.length;
    expect((await run(id, 'delete')).receipt.complete).toBe(true);
    const writes = rig.double.asked.slice(before).filter((action) => !/^(Get|List)/.test(action));
    expect(writes.slice(-3)).toEqual(['DeleteUserPolicy', 'DetachUserPolicy', 'DeleteUser']);
  });

  test('and one that fits nowhere says what to do; the other steps are done', async () => {
    const id = await crowded();
    for (let i = 0; i < 10; i++) rig.stored(id).attached.add(`arn:aws:iam::aws:policy/P${i}`);
    const {receipt, failure} = await run(id, 'deactivate');
    expect(failure).toMatchObject({kind: 'rejected', message: expect.stringContaining('both quotas')});
    expect(receipt.steps).toHaveLength(4);
  });
});

test.each(['DeleteUser', 'ListAttachedUserPolicies'])(
  'a deletion that fails at %s leaves nobody without a deny',
  async (action) => {
    const {id} = await rig.newUser();
    value(await rig.port.users.update(id, {desired: {active: false}, changed: ['active']}, options));
    rig.double.onAsked = (asked) => {
      if (asked === 'DeleteUserPolicy') rig.double.denied.add(action);
    };
    expect(await rig.port.users.remove(id, options)).toMatchObject({failure: {kind: 'rejected'}});
    rig.double.onAsked = undefined;
    rig.double.denied.clear();
    expect(rig.stored(id).inline.has('avro-scim-cut-off')).toBe(true);
  },
);
