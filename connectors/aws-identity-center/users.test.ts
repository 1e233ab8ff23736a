import {afterAll, beforeAll, describe, expect, test} from '@jest/globals';
import {ENTERPRISE} from '../../src/core/resource.ts';
import {listOf, openRig, options, person, scripted, value, type Rig} from './testing/rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

const stored = (id: string) => rig.double.store.users.get(id)?.body;

describe('requests', () => {
  test('a joiner is one request', async () => {
    expect(await rig.asking(() => rig.newUser('joiner'))).toEqual(['POST /Users']);
  });

  test('a known difference is one request that names nothing else', async () => {
    const {id} = await rig.newUser('mover');
    const desired = {...person('mover'), title: 'Dr', userName: 'not.sent@example.com'};
    const update = () => rig.port.users.update(id, {desired, changed: ['title']}, options);
    expect(await rig.asking(update)).toEqual(['PATCH /Users/*']);
    expect(stored(id)).toMatchObject({title: 'Dr', userName: 'mover@example.com'});
  });

  test('an unknown one is a read and what differs; nothing where nothing does', async () => {
    const {id} = await rig.newUser('unknown');
    const update = () => rig.port.users.update(id, {desired: {...person('unknown'), title: 'Dr'}}, options);
    expect(await rig.asking(update)).toEqual(['GET /Users/*', 'PATCH /Users/*']);
    expect(await rig.asking(update)).toEqual(['GET /Users/*']);
  });

  test('a change of what AWS has no place for is none', async () => {
    const {id} = await rig.newUser();
    const update = {desired: {roles: [{value: 'x'}]}, changed: ['roles']};
    expect(await rig.asking(() => rig.port.users.update(id, update, options))).toEqual([]);
  });
});

describe('clearing', () => {
  test('what is there is removed, and AWS is not asked to remove what is not', async () => {
    const {id} = await rig.newUser('cleared');
    const full = {title: 'Dr', emails: [{value: 'c@example.com'}], [`${ENTERPRISE}:department`]: 'Engines'};
    const changed = Object.keys(full);
    value(await rig.port.users.update(id, {desired: full, changed}, options));
    expect(stored(id)).toMatchObject({emails: [{value: 'c@example.com', primary: true}]});
    const desired = {title: null, emails: [], nickName: null, [`${ENTERPRISE}:department`]: null};
    const update = {desired, changed: Object.keys(desired)};
    expect(value(await rig.port.users.update(id, update, options))).toBe('updated');
    expect(stored(id)).not.toHaveProperty('title');
    expect(stored(id)).not.toHaveProperty('emails');
    expect(stored(id)?.[ENTERPRISE]).toEqual({});
    expect(await rig.asking(() => rig.port.users.update(id, update, options))).toEqual(['GET /Users/*']);
  });

  test('a new name loses the parts that it does not have', async () => {
    const {id} = await rig.newUser('wed');
    const change = (name: object) =>
      rig.port.users.update(id, {desired: {name: {...name}}, changed: ['name']}, options);
    value(await change({givenName: 'Ada', familyName: 'Byron', middleName: 'King'}));
    value(await change({givenName: 'Ada', familyName: 'Lovelace'}));
    expect(stored(id)?.['name']).toEqual({givenName: 'Ada', familyName: 'Lovelace'});
  });
});

test('a manager is filled in by id, and cleared', async () => {
  const [boss, {id}] = [await rig.newUser(), await rig.newUser()];
  const path = `${ENTERPRISE}:manager`;
  const set = (to: {value: string} | null) =>
    rig.port.users.update(id, {desired: {[path]: to}, changed: [path]}, options);
  value(await set({value: boss.id}));
  expect(stored(id)?.[ENTERPRISE]).toEqual({manager: {value: boss.id}});
  value(await set(null));
  expect(stored(id)?.[ENTERPRISE]).toEqual({});
});

test('a person without a family name is refused here, with what is missing', async () => {
  const {displayName, ...nameless} = person('mono');
  const create = () => rig.port.users.create({...nameless, name: {givenName: displayName}}, options);
  expect(
    await rig.asking(async () =>
      expect(await create()).toMatchObject({
        failure: {kind: 'rejected', message: expect.stringContaining('name.familyName')},
      }),
    ),
  ).toEqual([]);
});

test('an account that comes back is opened by one request', async () => {
  const {id} = await rig.newUser();
  const set = (active: boolean) =>
    rig.port.users.update(id, {desired: {active}, changed: ['active']}, options);
  value(await set(false));
  expect(stored(id)?.['active']).toBe(false);
  expect(await rig.asking(() => set(true))).toEqual(['PATCH /Users/*']);
  expect(stored(id)?.['active']).toBe(true);
});

describe('look-ups', () => {
  test('two that match are a conflict', async () => {
    const rows = ['u1', 'u2'].map((id) => ({id, externalId: 'twin'}));
    const {port} = scripted(() => [200, listOf(...rows)]);
    expect(await port.users.find({by: 'externalId', value: 'twin'}, options)).toMatchObject({
      failure: {kind: 'conflict', cause: 'ambiguous look-up'},
    });
  });

  test('a server that ignores what it is asked finds nobody', async () => {
    const {port} = scripted(() => [200, listOf({id: 'u1', userName: 'first', externalId: 'first'})]);
    for (const by of ['externalId', 'userName'] as const)
      expect(await port.users.find({by, value: 'second'}, options)).toEqual({ok: true, value: undefined});
  });

  test('an answer for another id proves nothing, and no cut-off', async () => {
    const {port} = scripted(() => [200, {id: 'u2', userName: 'x'}]);
    const failure = {kind: 'rejected', cause: '200 another id'};
    expect(await port.users.get('u1', options)).toMatchObject({failure});
    for (const step of port.cutOffSteps('delete'))
      expect(await step.verify('u1', options)).toMatchObject({failure});
  });

  test('what AWS has no filter for is not asked', async () => {
    const {port, requests} = scripted(() => [200, listOf()]);
    expect(await port.users.find({by: 'displayName', value: 'x'}, options)).toEqual({
      ok: true,
      value: undefined,
    });
    expect(requests).toEqual([]);
  });
});
