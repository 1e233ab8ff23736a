import {afterAll, afterEach, beforeAll, describe, expect, test} from '@jest/globals';
import type {Attributes} from '../../src/core/resource.ts';
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

test('what was begun and then failed may have been done', async () => {
  rig.double.denied.add('PutUserPolicy').add('UpdateUser');
  expect(await rig.port.users.create({...person('half'), active: false}, options)).toMatchObject({
    failure: {kind: 'rejected', maybeDone: true},
  });
  const {id} = await rig.newUser('begun');
  const desired = {displayName: 'Other', userName: 'begun2'};
  const update = () => rig.port.users.update(id, {desired, changed: Object.keys(desired)}, options);
  expect(await update()).toMatchObject({failure: {maybeDone: true}});
  expect(await update()).not.toHaveProperty('failure.maybeDone');
  rig.double.denied.clear();
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
  const notYet = {failure: {kind: 'transient', cause: 'not visible yet'}};
  const update = (id: string, desired: Attributes, port = rig.port) =>
    port.users.update(id, {desired, changed: Object.keys(desired)}, options);
  afterEach(() => {
    rig.double.store.lag = 0;
    rig.double.store.behind.clear();
  });

  test('one who was just made and does not show yet is not missing', async () => {
    rig.double.store.lag = 1000;
    const {id} = await rig.newUser();
    expect(await rig.port.users.get(id, options)).toMatchObject(notYet);
    expect(await update(id, {active: false})).toMatchObject(notYet);
    rig.clock.now += 60_000;
    expect(await rig.port.users.get(id, options)).toEqual({ok: true, value: undefined});
    rig.double.store.requests += 1000;
  });

  test('that somebody is gone is believed of two looks a minute apart, and none between that found them', async () => {
    const {id} = await rig.newUser();
    const another = rig.another();
    const steps = another.cutOffSteps('deactivate');
    rig.double.store.lag = 1000;
    const stored = rig.stored(id);
    const hide = () => (stored.shownAt = rig.double.store.requests + 1000);
    hide();
    expect(await steps[0]?.act(id, options)).toMatchObject(notYet);
    rig.clock.now += 59_000;
    expect(await update(id, {active: false}, another)).toMatchObject(notYet);
    stored.shownAt = 0;
    expect(value(await update(id, {displayName: 'There'}, another))).toBe('updated');
    hide();
    rig.clock.now += 59_000;
    expect(await another.users.remove(id, options)).toMatchObject(notYet);
    rig.clock.now += 60_000;
    expect(value(await update(id, {displayName: 'Gone'}, another))).toBe('missing');
    stored.shownAt = 0;
  });

  test('a new name that does not show yet: nobody is missing, here or elsewhere', async () => {
    const {id} = await rig.newUser('maiden');
    const another = rig.another();
    rig.double.store.lag = 1000;
    expect(value(await update(id, {userName: 'married'}))).toBe('updated');
    for (const port of [rig.port, another]) {
      expect(await port.users.get(id, options)).toMatchObject(notYet);
      for (const step of port.cutOffSteps('delete')) {
        expect(await step.act(id, options)).toMatchObject(notYet);
        expect(await step.verify(id, options)).toMatchObject(notYet);
      }
    }
    rig.clock.now += 120_000;
    // Listed by the old name still: there is somebody, however long it takes.
    expect(await update(id, {active: false}, another)).toMatchObject(notYet);
    rig.double.store.requests += 1000;
    expect(value(await update(id, {active: false}, another))).toBe('updated');
  });

  test('one who comes back under a new name is let in by the old one', async () => {
    const {id} = await rig.newUser('leaving');
    value(await update(id, {active: false}));
    rig.double.store.lag = 1000;
    expect(value(await update(id, {active: true, userName: 'returned', displayName: 'R'}))).toBe('updated');
    expect(rig.stored(id)).toMatchObject({name: 'returned', inline: new Map()});
    rig.double.store.requests += 1000;
  });

  test('that no deny is there is believed of a list alone', async () => {
    const {id} = await rig.newUser();
    value(await update(id, {active: false}));
    for (const actions of [['DeleteUserPolicy'], ['DeleteUserPolicy', 'ListUserPolicies']]) {
      rig.double.store.behind = new Set(actions);
      expect(await update(id, {active: true})).toMatchObject(notYet);
      expect(rig.stored(id).inline.size).toBe(1);
    }
    rig.double.store.behind.clear();
    expect(value(await update(id, {active: true}))).toBe('updated');
    expect(value(await update(id, {active: true}))).toBe('updated');
  });

  test('a name that is taken by nobody who is shown may be of a lost answer', async () => {
    await rig.newUser('lost');
    const create = () => rig.another().users.create(person('Lost'), options);
    for (const action of ['ListUsers', 'GetUser']) {
      rig.double.store.behind = new Set([action]);
      expect(await create()).toMatchObject(notYet);
    }
    rig.double.store.behind.clear();
    expect(value(await create())).toBe('exists');
  });

  test('a delete that is refused for what was just removed is tried again later', async () => {
    const {id} = await rig.newUser();
    rig.stored(id).hasPassword = true;
    rig.double.store.lag = 30;
    expect(await rig.port.users.remove(id, options)).toMatchObject({
      failure: {kind: 'transient', cause: '409 DeleteConflict'},
    });
    rig.double.store.lag = 0;
    rig.double.store.requests += 60;
    expect(value(await rig.port.users.remove(id, options))).toBe('removed');
  });
});

test('on another path nobody is looked for, and who was known is known there', async () => {
  const made = await openRig({path: '/people/'});
  const {id} = await made.newUser('inside');
  expect(made.stored(id).path).toBe('/people/');
  made.stored(id).path = '/robots/';
  expect(value(await made.another().users.get(id, options))?.attributes['userName']).toBe('inside');
  expect(value(await made.port.users.find({by: 'userName', value: 'inside'}, options))).toBeUndefined();
  expect(value(await made.port.users.find({by: 'externalId', value: 'subject-inside'}, options))).toBe(
    undefined,
  );
  expect(value(await made.port.users.create(person('inside'), options))).toBe('exists');
  await made.close();
});
