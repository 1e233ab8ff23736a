import {test} from './cases.ts';
import {expect} from './expect.ts';
import type {Result} from '../../../src/core/failure.ts';
import type {CallOptions} from '../../../src/core/port.ts';
import {fresh, options, text, value, type Bench} from './bench.ts';

type Call = (options: CallOptions) => Promise<Result<unknown>>;

export function budgetContract(on: () => Bench): void {
  const groupCalls = async (userId: string): Promise<[string, Call][]> => {
    const {groups} = on().port;
    const {id} = await on().newGroup();
    return [
      ['add member', (given) => groups.changeMembers(id, {add: [userId], remove: []}, given)],
      ['has member', (given) => groups.hasMember(id, userId, given)],
      ['remove group', (given) => groups.remove(id, given)],
    ];
  };

  /** Each thing that a port can do, on an account and a group of their own. */
  const calls = async (): Promise<[string, Call][]> => {
    const {port, target, newUser} = on();
    const user = await newUser();
    const other = await newUser();
    const steps = port.cutOffSteps('delete').flatMap((step): [string, Call][] => [
      [`${step.name}: act`, (given) => step.act(other.id, given)],
      [`${step.name}: verify`, (given) => step.verify(other.id, given)],
    ]);
    const userName = text(target.user(user.key), 'userName');
    return [
      ['find', (given) => port.users.find({by: 'userName', value: userName}, given)],
      ['get', (given) => port.users.get(user.id, given)],
      ['create', (given) => port.users.create(target.user(fresh()), given)],
      [
        'update',
        (given) =>
          port.users.update(user.id, {desired: {...target.user(user.key), displayName: fresh()}}, given),
      ],
      ...(target.hasGroups === false ? [] : await groupCalls(user.id)),
      ...steps,
      ['remove', (given) => port.users.remove(user.id, given)],
    ];
  };

  test.each([true, false])('every request is as urgent as its call (urgent: %s)', async (urgent) => {
    const {requests} = on();
    for (const [name, call] of await calls()) {
      const before = requests.length;
      value(await call(urgent ? {...options(), urgent} : options()));
      const those = requests.slice(before).map((request) => request.urgent ?? false);
      expect([name, those]).toEqual([name, those.map(() => urgent)]);
    }
  });

  test('who is asked for fewer requests sends no further one', async () => {
    const {counting, during, requests, target} = on();
    for (const [name, call] of await calls()) {
      const count = await counting(async () => {
        const result = await during({status: 429, headers: {'retry-after': '2'}}, () => call(options()));
        const asked = requests.at(-1);
        const kind = asked && target.isBeside?.(asked) ? 'transient' : 'throttled';
        expect([name, result]).toMatchObject([name, {failure: {kind, retryAfterMs: 2000}}]);
      });
      expect([name, count]).toEqual([name, 1]);
    }
  });

  test('a stop ends what is in flight, and what may have been done is said so', async () => {
    const {during, relay} = on();
    for (const [name, call] of await calls()) {
      const stop = new AbortController();
      const result = await during('hang', async () => {
        const hung = relay.hung();
        const called = call({signal: stop.signal});
        await hung;
        stop.abort();
        return called;
      });
      expect([name, result]).toMatchObject([name, {ok: false, failure: {kind: 'transient'}}]);
      if (name === 'create') expect(result).toMatchObject({failure: {maybeDone: true}});
    }
  });

  test('every request went by way of the budget', async () => {
    const {target, requests, newUser} = on();
    const [before, received] = [requests.length, await target.received?.()];
    await newUser();
    const sent = requests.length - before;
    expect(sent).toBeGreaterThan(0);
    if (received !== undefined) expect(((await target.received?.()) ?? 0) - received).toBe(sent);
  });
}
