import {test} from './cases.ts';
import {expect} from './expect.ts';
import type {HttpRequest} from '../../../src/core/connector.ts';
import {options, remote, text, value, type Bench} from './bench.ts';

/** At a service that takes no change of a user, a change is made without a request, and the user stays. */
export async function staysAsCreated({port, target, newUser, counting}: Bench): Promise<void> {
  const {id, key} = await newUser();
  const before = value(await port.users.get(id, options()));
  const desired = {...target.user(key), displayName: `Moved ${key}`};
  const update = {desired, changed: ['displayName']};
  const change = async () => expect(value(await port.users.update(id, update, options()))).toBe('updated');
  expect(await counting(change)).toBe(0);
  expect(value(await port.users.get(id, options()))).toEqual(before);
}

export function userContract(on: () => Bench): void {
  test('check answers with one line', async () => {
    expect(value(await on().port.check(options().signal)).summary).toMatch(/^.+$/);
  });

  test('a created user is found by externalId and by userName in any case, and by nothing else', async () => {
    const {port, target} = on();
    const {id, key} = await on().newUser();
    const {userName, externalId} = target.user(key) as {userName: string; externalId: string};
    const find = async (by: 'externalId' | 'userName', text: string) =>
      value(await port.users.find({by, value: text}, options()))?.id;
    expect(await find('externalId', externalId)).toBe(target.keepsExternalId === false ? undefined : id);
    expect(await find('userName', userName)).toBe(id);
    expect(await find('externalId', externalId.toUpperCase())).toBeUndefined();
    expect(await find('externalId', `${externalId}" or userName pr or userName eq "`)).toBeUndefined();
    expect(value(await port.users.get(id, options()))?.attributes['userName']).toBe(userName);
    expect(value(await port.users.get(`${id}0`, options()))).toBeUndefined();
  });

  test('creating again says that it exists', async () => {
    const {key} = await on().newUser();
    expect(value(await on().port.users.create(on().target.user(key), options()))).toBe('exists');
  });

  test('an update is visible, twice is once, and with the current state at hand the second sends nothing', async () => {
    const {port, target} = on();
    if (target.isFixed) return staysAsCreated(on());
    const {id, key} = await on().newUser();
    const desired = {...target.user(key), displayName: `Moved ${key}`};
    const update = {desired, changed: ['displayName']};
    expect(value(await port.users.update(id, update, options()))).toBe('updated');
    const once = value(await port.users.get(id, options()));
    expect(once?.attributes['displayName']).toBe(`Moved ${key}`);
    expect(value(await port.users.update(id, {desired}, options()))).toBe('updated');
    const twice = remote(value(await port.users.get(id, options())));
    expect({...twice.attributes, meta: null}).toEqual({...once?.attributes, meta: null});

    const again = () => port.users.update(id, {desired, current: twice}, options());
    expect(await on().counting(async () => expect(value(await again())).toBe('updated'))).toBe(0);
  });

  test('a renamed user keeps its id', async () => {
    const {port, target} = on();
    if (target.isFixed) return staysAsCreated(on());
    const {id, key} = await on().newUser();
    const {userName} = target.user(`${key}x`) as {userName: string};
    const desired = {...target.user(key), userName};
    expect(value(await port.users.update(id, {desired, changed: ['userName']}, options()))).toBe('updated');
    expect(value(await port.users.find({by: 'userName', value: userName}, options()))?.id).toBe(id);
    const {userName: old} = target.user(key) as {userName: string};
    expect(value(await port.users.find({by: 'userName', value: old}, options()))).toBeUndefined();
  });

  test('a name that another has: the update says that it exists', async () => {
    const {port, target} = on();
    if (target.isFixed) return staysAsCreated(on());
    const first = await on().newUser();
    const second = await on().newUser();
    const desired = {...target.user(second.key), userName: target.user(first.key)['userName'] ?? null};
    expect(value(await port.users.update(second.id, {desired, changed: ['userName']}, options()))).toBe(
      'exists',
    );
  });

  test('a removed user is missing from then on', async () => {
    const {port, target} = on();
    const {id, key} = await on().newUser();
    expect(value(await port.users.remove(id, options()))).toBe('removed');
    expect(value(await port.users.remove(id, options()))).toBe('missing');
    expect(value(await port.users.get(id, options()))).toBeUndefined();
    const update = {desired: target.user(key)};
    expect(value(await port.users.update(id, update, options()))).toBe('missing');
    expect(value(await port.users.find({by: 'externalId', value: key}, options()))).toBeUndefined();
  });

  test('the list holds every user once, over pages', async () => {
    const made = [];
    for (let i = 0; i < 7; i++) made.push(await on().newUser());
    const ids: string[] = [];
    for await (const page of on().port.users.list(options())) ids.push(...value(page).map(({id}) => id));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(made.map(({id}) => id)));
  });

  test('what is known to differ is told once, and nothing beside it', async () => {
    const {port, target, newUser, requests} = on();
    if (target.isFixed) return staysAsCreated(on());
    const {id, key} = await newUser();
    const desired = {...target.user(key), displayName: `Moved ${key}`};
    const update = () => port.users.update(id, {desired, changed: ['displayName']}, options());
    // What the service can do is read once.
    value(await update());
    desired.displayName = `Moved again ${key}`;
    const before = requests.length;
    expect(value(await update())).toBe('updated');
    const bodyOf = ({body = ''}: HttpRequest): string => decodeURIComponent(body.replaceAll('+', ' '));
    const telling = requests.slice(before).filter((sent) => bodyOf(sent).includes(`Moved again ${key}`));
    expect(telling).toHaveLength(1);
    const [told] = telling;
    // A PUT is the whole.
    if (told && told.method !== 'PUT')
      expect(bodyOf(told)).not.toContain(text(target.user(key), 'externalId'));
  });
}
