import {test} from './cases.ts';
import {expect} from './expect.ts';
import {changeMembers} from '../../../src/core/engine/members.ts';
import type {Remote} from '../../../src/core/resource.ts';
import {nth, options, value, type Bench} from './bench.ts';

/** A service without groups: to make one fails, as a value like every failure. */
export async function refusesGroups({port, target}: Bench): Promise<void> {
  expect((await port.groups.create(target.group('none'), options())).ok).toBe(false);
}

export function groupContract(on: () => Bench): void {
  const words = (...parts: string[]): string => parts.join(on().target.wordBreak ?? ' ');
  const newGroup = () => on().newGroup();

  test('a group is found by its name, renamed, and removed', async () => {
    const {groups} = on().port;
    const {id, key} = await newGroup();
    const {displayName} = on().target.group(key) as {displayName: string};
    expect(value(await groups.find({by: 'displayName', value: displayName}, options()))?.id).toBe(id);
    const desired = {displayName: words(displayName, 'renamed')};
    expect(value(await groups.update(id, {desired, changed: ['displayName']}, options()))).toBe('updated');
    expect(value(await groups.find({by: 'displayName', value: desired.displayName}, options()))?.id).toBe(id);
    expect(value(await groups.remove(id, options()))).toBe('removed');
    expect(value(await groups.remove(id, options()))).toBe('missing');
  });

  test('the list holds every group once, over pages', async () => {
    const made: string[] = [];
    for (let i = 0; i < 7; i++) made.push((await newGroup()).id);
    const ids: string[] = [];
    for await (const page of on().port.groups.list(options())) ids.push(...value(page).map(({id}) => id));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(made));
  });

  test('members come and go, each twice; a rename keeps them', async () => {
    const {groups} = on().port;
    const {id, key} = await newGroup();
    const [ada, bob] = [await on().newUser(), await on().newUser()];
    const has = async (user: Remote): Promise<boolean> =>
      value(await groups.hasMember(id, user.id, options()));
    for (let i = 0; i < 2; i++)
      expect(value(await groups.changeMembers(id, {add: [ada.id, bob.id], remove: []}, options()))).toBe(
        'changed',
      );
    expect([await has(ada), await has(bob)]).toEqual([true, true]);
    const desired = {...on().target.group(key), displayName: words('Renamed', key)};
    expect(value(await groups.update(id, {desired, changed: ['displayName']}, options()))).toBe('updated');
    for (let i = 0; i < 2; i++)
      expect(value(await groups.changeMembers(id, {add: [], remove: [ada.id]}, options()))).toBe('changed');
    expect([await has(ada), await has(bob)]).toEqual([false, true]);
    const mixed = {add: [ada.id], remove: [bob.id]};
    expect(value(await groups.changeMembers(id, mixed, options()))).toBe('changed');
    expect([await has(ada), await has(bob)]).toEqual([true, false]);
  });

  test('as many members as one request takes', async () => {
    const {groups} = on().port;
    const {id} = await newGroup();
    const users: string[] = [];
    for (let i = 0; i < groups.membersPerRequest; i++) users.push((await on().newUser()).id);
    expect(value(await groups.changeMembers(id, {add: users, remove: []}, options()))).toBe('changed');
    expect(value(await groups.hasMember(id, users.at(-1) ?? '', options()))).toBe(true);
    expect(value(await groups.changeMembers(id, {add: [], remove: users}, options()))).toBe('changed');
    expect(value(await groups.hasMember(id, users[0] ?? '', options()))).toBe(false);
  });

  test('members whose change lost an answer on the way are all as wanted after it was told again', async () => {
    const {groups} = on().port;
    const {id} = await newGroup();
    const members: {subject: string; remoteId: string}[] = [];
    for (let i = 0; i < 6; i++) {
      const user = await on().newUser();
      members.push({subject: user.key, remoteId: user.id});
    }
    const tell = (change: object) => changeMembers(groups, id, {add: [], remove: [], ...change}, options());
    const has = async ({remoteId}: {remoteId: string}): Promise<boolean> =>
      value(await groups.hasMember(id, remoteId, options()));
    await on().during(nth(5, 'lost'), () => tell({add: members}));
    expect(await tell({add: members})).toMatchObject({
      done: members.map(({subject}) => subject),
      missing: false,
    });
    for (const member of members) expect(await has(member)).toBe(true);
    const change = {add: members.slice(0, 1), remove: members.slice(1)};
    expect((await tell(change)).done).toHaveLength(6);
    for (const member of members) expect(await has(member)).toBe(member === members[0]);
    value(await groups.remove(id, options()));
    expect(await tell(change)).toMatchObject({done: [], missing: true});
  });

  test('a group that is gone is missing', async () => {
    const {groups} = on().port;
    const {id} = await newGroup();
    const user = await on().newUser();
    value(await groups.remove(id, options()));
    expect(value(await groups.changeMembers(id, {add: [user.id], remove: []}, options()))).toBe('missing');
    expect(value(await groups.hasMember(id, user.id, options()))).toBe(false);
    expect(value(await groups.update(id, {desired: on().target.group('x')}, options()))).toBe('missing');
  });
}
