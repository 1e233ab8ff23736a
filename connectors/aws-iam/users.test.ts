import {afterAll, beforeAll, describe, expect, test} from '@jest/globals';
import {openRig, options, person, value, type Rig} from './testing/rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(() => rig.close());

test('a joiner is one request, and bears the mark', async () => {
  let id = '';
  expect(await rig.asking(async () => ({id} = await rig.newUser('joiner')))).toEqual(['CreateUser']);
  expect(Object.fromEntries(rig.stored(id).tags)).toEqual({
    displayName: 'Person joiner',
    'avro-scim:externalId': 'subject-joiner',
  });
});

test('a mover is a read and what differs; the tags of others stay', async () => {
  const {id} = await rig.newUser('mover');
  rig.stored(id).tags.set('team', 'kept');
  const update = (displayName: string | null) => () =>
    rig.port.users.update(id, {desired: {displayName}, changed: ['displayName']}, options);
  expect(await rig.asking(update("O'Neill, Ada"))).toEqual(['GetUser', 'TagUser']);
  expect(rig.stored(id).tags.get('displayName')).toBe('O_Neill_ Ada');
  expect(await rig.asking(update("O'Neill, Ada"))).toEqual(['GetUser']);
  expect(await rig.asking(update(null))).toEqual(['GetUser', 'UntagUser']);
  expect([...rig.stored(id).tags.keys()]).toEqual(['avro-scim:externalId', 'team']);
});

test('active is whether the account is denied all', async () => {
  const {id} = await rig.newUser();
  const set = async (active: boolean) => {
    value(await rig.port.users.update(id, {desired: {active}, changed: ['active']}, options));
    return value(await rig.port.users.get(id, options))?.attributes['active'];
  };
  expect(await set(false)).toBe(false);
  expect(await set(true)).toBe(true);
  expect(rig.stored(id).inline.size).toBe(0);
});

describe('ids and names', () => {
  test('one whom somebody renamed is found by the id, and not taken for who has the name now', async () => {
    const {id} = await rig.newUser('renamed');
    rig.stored(id).name = 'elsewhere';
    const other = await rig.newUser('renamed');
    expect(value(await rig.port.users.get(id, options))?.attributes['userName']).toBe('elsewhere');
    expect(value(await rig.port.users.remove(id, options))).toBe('removed');
    expect(rig.stored(other.id).name).toBe('renamed');
  });

  test('another replica finds by id and by externalId', async () => {
    const {id} = await rig.newUser('shared');
    expect(value(await rig.another().users.get(id, options))?.attributes['userName']).toBe('shared');
    const found = await rig.another().users.find({by: 'externalId', value: 'subject-shared'}, options);
    expect(value(found)?.id).toBe(id);
  });

  test('two with one externalId are a conflict', async () => {
    await rig.newUser('twin');
    const second = await rig.newUser('twin2');
    rig.stored(second.id).tags.set('avro-scim:externalId', 'subject-twin');
    expect(await rig.port.users.find({by: 'externalId', value: 'subject-twin'}, options)).toMatchObject({
      failure: {kind: 'conflict', cause: 'ambiguous look-up'},
    });
  });
});

describe('eventual consistency', () => {
  test('one who was just made and does not show yet is not missing', async () => {
    rig.double.store.lag = 1000;
    const {id} = await rig.newUser();
    expect(await rig.port.users.get(id, options)).toMatchObject({
      failure: {kind: 'transient', cause: 'not visible yet'},
    });
    const [deny] = rig.port.cutOffSteps('deactivate');
    expect(await deny?.act(id, options)).toMatchObject({failure: {kind: 'transient'}});
    rig.clock.now += 60_000;
    expect(await rig.port.users.get(id, options)).toEqual({ok: true, value: undefined});
    rig.double.store.lag = 0;
  });

  test('a delete that is refused for what was just removed is tried again later', async () => {
    const {id} = await rig.newUser();
    rig.stored(id).hasPassword = true;
    rig.double.store.lag = 30;
    expect(await rig.port.users.remove(id, options)).toMatchObject({
      failure: {kind: 'transient', cause: '409 DeleteConflict'},
    });
    rig.double.store.lag = 0;
    rig.double.store.requests += 30;
    expect(value(await rig.port.users.remove(id, options))).toBe('removed');
  });
});

test('users of another path are not seen', async () => {
  const made = await openRig({path: '/people/'});
  const {id} = await made.newUser('inside');
  expect(made.stored(id).path).toBe('/people/');
  made.stored(id).path = '/robots/';
  made.clock.now += 60_000;
  expect(value(await made.port.users.get(id, options))).toBeUndefined();
  expect(value(await made.port.users.find({by: 'userName', value: 'inside'}, options))).toBeUndefined();
  expect(value(await made.port.users.create(person('inside'), options))).toBe('exists');
  await made.close();
});
