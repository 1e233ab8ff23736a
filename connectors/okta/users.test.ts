import {afterAll, beforeAll, describe, expect, test} from '@jest/globals';
import {upsert} from '../../src/core/engine/upsert.ts';
import {ok} from '../../src/core/failure.ts';
import {openRig, options, person, scripted, value, type Rig} from './testing/rig.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await openRig();
});
afterAll(async () => {
  expect(rig.double.faults).toEqual([]);
  await rig.close();
});

/** The operations that this asks of Okta. */
async function asking(run: () => Promise<unknown>): Promise<string[]> {
  const before = rig.double.asked.length;
  await run();
  return rig.double.asked.slice(before);
}
const stored = (id: string) => rig.double.rules.store.users.get(id);

describe('requests', () => {
  test('a joiner is one request, and gets one mail', async () => {
    expect(await asking(() => rig.newUser('ACTIVE', 'joiner'))).toEqual(['createUser']);
    expect(rig.double.rules.mailed.length).toBe(1);
  });

  test('a known difference is one request that names nothing else', async () => {
    const {id} = await rig.newUser('ACTIVE', 'mover');
    const desired = {...person('mover'), title: 'Dr', userName: 'not.sent@example.com'};
    const update = () => rig.port.users.update(id, {desired, changed: ['title']}, options);
    expect(await asking(update)).toEqual(['updateUser']);
    expect(stored(id)?.profile).toMatchObject({title: 'Dr', login: 'mover@example.com'});
  });

  test('an unknown one is a read and what differs; nothing where nothing does', async () => {
    const {id} = await rig.newUser('ACTIVE', 'unknown');
    const update = (desired: object) => () =>
      rig.port.users.update(id, {desired: {...person('unknown'), ...desired}}, options);
    expect(await asking(update({title: 'Dr'}))).toEqual(['getUser', 'updateUser']);
    expect(await asking(update({title: 'Dr'}))).toEqual(['getUser']);
  });
});

describe('a person who comes back', () => {
  test.each([
    ['STAGED', 'activateUser'],
    ['DEPROVISIONED', 'activateUser'],
    ['SUSPENDED', 'unsuspendUser'],
  ])('%s: %s, then the profile', async (status, operation) => {
    const {id} = await rig.newUser(status);
    const desired = {active: true, title: 'Back'};
    const update = () => rig.port.users.update(id, {desired, changed: ['active', 'title']}, options);
    expect(await asking(async () => expect(value(await update())).toBe('updated'))).toEqual([
      'getUser',
      operation,
      'updateUser',
    ]);
    expect(stored(id)?.profile['title']).toBe('Back');
    expect(value(await rig.port.users.get(id, options))?.attributes['active']).toBe(true);
  });

  test.each(['PROVISIONED', 'ACTIVE', 'RECOVERY', 'PASSWORD_EXPIRED', 'LOCKED_OUT'])(
    '%s: nothing',
    async (status) => {
      const {id} = await rig.newUser(status);
      const update = {desired: {active: true}, changed: ['active']};
      expect(await asking(() => rig.port.users.update(id, update, options))).toEqual(['getUser']);
      expect(stored(id)?.status).toBe(status);
    },
  );

  test('silently: without a mail', async () => {
    rig.configure({activation: 'silent'});
    const mailed = rig.double.rules.mailed.length;
    const created = await asking(() => rig.newUser('ACTIVE', 'silent'));
    rig.configure({});
    expect(created).toEqual(['createUser', 'activateUser']);
    expect(rig.double.rules.mailed.length).toBe(mailed);
  });
});

test('an account that someone deactivated at Okta is not opened by another change', async () => {
  const {id} = await rig.newUser('DEPROVISIONED');
  const update = {desired: {active: true, title: 'x'}, changed: ['title']};
  expect(await rig.port.users.update(id, update, options)).toMatchObject({
    failure: {kind: 'rejected', cause: '403 E0000038'},
  });
  expect(stored(id)?.status).toBe('DEPROVISIONED');
});

test.each([
  [429, {errorCode: 'E0000047', errorCauses: []}, 'throttled'],
  [404, {errorCode: 'E0000007', errorCauses: []}, 'transient'],
])('an activation that is answered %i: the account may be there', async (status, body, kind) => {
  const {port} = scripted(
    ({url}) => (url.pathname.endsWith('/activate') ? [status, body] : [200, {id: '00u1', profile: {}}]),
    {activation: 'silent'},
  );
  expect(await port.users.create(person('half'), options)).toMatchObject({failure: {kind, maybeDone: true}});
});

describe('look-ups', () => {
  test('what search does not show yet is found, also among the deactivated', async () => {
    const {store} = rig.double.rules;
    store.searchLag = 1000;
    const {id} = await rig.newUser('DEPROVISIONED', 'late');
    const found = await rig.port.users.find({by: 'externalId', value: 'subject-late'}, options);
    const byName = await rig.port.users.find({by: 'userName', value: 'LATE@example.com'}, options);
    store.searchLag = 0;
    expect(value(found)?.id).toBe(id);
    expect(value(byName)?.id).toBe(id);
  });

  test('what a lost answer created is taken over, once, before search shows it', async () => {
    const {store} = rig.double.rules;
    store.searchLag = 1000;
    const {id} = await rig.newUser('PROVISIONED', 'lost');
    const task = {
      port: rig.port.users,
      desired: person('lost'),
      doubt: true,
      lookUps: [{by: 'externalId', value: 'subject-lost'} as const],
      adopt: () => Promise.resolve(ok(undefined)),
      options,
    };
    const asked = await asking(async () => {
      expect(await upsert(task)).toEqual(ok({remoteId: id, did: 'adopted'}));
    });
    store.searchLag = 0;
    expect(asked).toEqual(['listUsers', 'listUsers']);
  });

  test('what search shows and is no more so is not found', async () => {
    const {store} = rig.double.rules;
    const {id} = await rig.newUser('ACTIVE', 'stale');
    store.searchLag = 1000;
    const user = stored(id);
    if (user) user.profile = {...user.profile, externalId: 'subject-other'};
    const found = await rig.port.users.find({by: 'externalId', value: 'subject-stale'}, options);
    store.searchLag = 0;
    expect(found).toEqual({ok: true, value: undefined});
  });

  test('two that match are a conflict', async () => {
    const [, second] = [await rig.newUser('ACTIVE', 'twin'), await rig.newUser('ACTIVE', 'twin2')];
    const update = {desired: {externalId: 'subject-twin'}, changed: ['externalId']};
    value(await rig.port.users.update(second.id, update, options));
    expect(await rig.port.users.find({by: 'externalId', value: 'subject-twin'}, options)).toMatchObject({
      failure: {kind: 'conflict', cause: 'ambiguous look-up'},
    });
  });

  test('a server that ignores what it is asked finds nobody', async () => {
    const row = {id: '00u1', status: 'ACTIVE', profile: {login: 'first@example.com', externalId: 'first'}};
    const {port} = scripted(() => [200, [row]]);
    for (const by of ['externalId', 'userName'] as const)
      expect(await port.users.find({by, value: 'second'}, options)).toEqual({ok: true, value: undefined});
  });

  test('an answer for another id is a failure, and nobody is missing', async () => {
    const {port} = scripted(() => [200, {id: '00u2', status: 'ACTIVE', profile: {}}]);
    expect(await port.users.get('00u1', options)).toMatchObject({
      failure: {kind: 'rejected', cause: '200 undocumented'},
    });
  });
});

test('the list has every status, page by page', async () => {
  const made = [
    await rig.newUser('DEPROVISIONED'),
    await rig.newUser('SUSPENDED'),
    await rig.newUser('STAGED'),
  ];
  rig.double.rules.pageSize = 2;
  const ids: string[] = [];
  for await (const page of rig.port.users.list(options)) ids.push(...value(page).map(({id}) => id));
  rig.double.rules.pageSize = 200;
  expect(ids.toSorted()).toEqual([...rig.double.rules.store.users.keys()].toSorted());
  expect(ids).toEqual(expect.arrayContaining(made.map(({id}) => id)));
});

test('a list whose cursor comes again ends as a failure', async () => {
  const {port} = scripted(() => [200, [], {link: '<https://elsewhere.example/?after=a>; rel="next"'}]);
  const pages = [];
  for await (const page of port.users.list(options)) pages.push(page);
  expect(pages.at(-1)).toMatchObject({ok: false, failure: {cause: 'endless list'}});
});

test('a user whom Okta demands more of is refused with the attribute named', async () => {
  const result = await rig.port.users.create({userName: 'nameless@example.com'}, options);
  expect(result).toMatchObject({failure: {kind: 'rejected', cause: '400 E0000001 firstName'}});
});
