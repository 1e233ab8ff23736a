import {test} from './cases.ts';
import {expect} from './expect.ts';
import {upsert} from '../../../src/core/engine/upsert.ts';
import {refusesGroups} from './groups.ts';
import {staysAsCreated} from './users.ts';
import {ok, type Failure} from '../../../src/core/failure.ts';
import type {LookUp, ResourcePort} from '../../../src/core/port.ts';
import {applyUser, fresh, lookUpsOf, nth, options, text, value, type Bench, type Injected} from './bench.ts';

const refusals: Injected[] = [{status: 429, headers: {'retry-after': '1'}}, {status: 500}];

/** Where one run takes more requests than this, each of them meets one mishap in place of two. */
const fewRequests = 24;

/**
 * Runs with a mishap at each of so many requests: the answer to what was done is lost, and the service asks for fewer
 * requests or fails, by turns, in place of what was asked.
 */
export async function atEachRequest(
  count: number,
  run: (mishap: Injected, at: number) => Promise<void>,
): Promise<void> {
  expect(count).toBeGreaterThan(0);
  for (let at = 1; at <= count; at++) {
    const refusal = refusals[at % 2] ?? 'lost';
    if (count <= fewRequests || at % 3 > 0) await run('lost', at);
    if (count <= fewRequests || at % 3 === 0) await run(refusal, at);
  }
}

/** The one that is there by each of its names; a failure when they are two. */
async function only(port: ResourcePort, lookUps: readonly LookUp[]): Promise<string | undefined> {
  const ids = new Set<string | undefined>();
  for (const lookUp of lookUps) ids.add(value(await port.find(lookUp, options()))?.id);
  expect(ids.size).toBe(1);
  return [...ids][0];
}

/** Whether whoever failed says that something may have been done. */
const inDoubt = (failure: Failure): boolean => failure.maybeDone === true;

export function lostContract(on: () => Bench): void {
  test('a create that fails or loses an answer anywhere is in doubt, and makes one account when it is applied again', async () => {
    const {port, target, during, counting, newUser} = on();
    const count = await counting(newUser);
    await atEachRequest(count, async (mishap, at) => {
      const key = fresh();
      const desired = target.user(key);
      const created = await during(nth(at, mishap), () => port.users.create(desired, options()));
      const lookUps = lookUpsOf(target, desired, 'userName');
      const before = await only(port.users, lookUps);
      if (!created.ok) expect(inDoubt(created.failure) || before === undefined).toBe(true);
      const {remoteId} = value(await applyUser(on(), key, {doubt: !created.ok && inDoubt(created.failure)}));
      expect(await only(port.users, lookUps)).toBe(remoteId);
      expect(value(await port.users.get(remoteId, options()))?.attributes['active'] ?? true).toBe(true);
      value(await port.users.remove(remoteId, options()));
    });
  });

  test('so it is with a group', async () => {
    const {port, target, during, counting, newGroup} = on();
    if (target.hasGroups === false) return refusesGroups(on());
    const count = await counting(newGroup);
    await atEachRequest(count, async (mishap, at) => {
      const desired = target.group(fresh());
      const created = await during(nth(at, mishap), () => port.groups.create(desired, options()));
      const lookUps = [{by: 'displayName', value: text(desired, 'displayName')} as const];
      const before = await only(port.groups, lookUps);
      if (!created.ok) expect(inDoubt(created.failure) || before === undefined).toBe(true);
      const task = {
        port: port.groups,
        desired,
        lookUps,
        options: options(),
      };
      const adopt = () => Promise.resolve(ok(undefined));
      const doubt = !created.ok && inDoubt(created.failure);
      const {remoteId} = value(await upsert({...task, adopt, doubt}));
      expect(await only(port.groups, lookUps)).toBe(remoteId);
      value(await port.groups.remove(remoteId, options()));
    });
  });

  test('an update that fails or loses an answer anywhere is made when it is applied again', async () => {
    const {port, target, during, counting, newUser} = on();
    if (target.isFixed) return staysAsCreated(on());
    const change = (id: string, key: string, displayName: string) =>
      port.users.update(
        id,
        {desired: {...target.user(key), displayName}, changed: ['displayName']},
        options(),
      );
    const first = await newUser();
    const count = await counting(() => change(first.id, first.key, 'Other'));
    await atEachRequest(count, async (mishap, at) => {
      const {id, key} = await newUser();
      await during(nth(at, mishap), () => change(id, key, 'Moved'));
      expect(value(await change(id, key, 'Moved'))).toBe('updated');
      expect(value(await port.users.get(id, options()))?.attributes['displayName']).toBe('Moved');
      value(await port.users.remove(id, options()));
    });
  });

  test('a removal that fails or loses an answer anywhere is made when it is applied again', async () => {
    const {port, during, counting, newUser} = on();
    const first = await newUser();
    const count = await counting(() => port.users.remove(first.id, options()));
    await atEachRequest(count, async (mishap, at) => {
      const {id} = await newUser();
      await during(nth(at, mishap), () => port.users.remove(id, options()));
      expect(['removed', 'missing']).toContain(value(await port.users.remove(id, options())));
      expect(value(await port.users.get(id, options()))).toBeUndefined();
    });
  });

  test('so is a change of members', async () => {
    const {port, target, during, counting, newUser, newGroup} = on();
    if (target.hasGroups === false) return refusesGroups(on());
    const {id} = await newGroup();
    const [ada, bob] = [await newUser(), await newUser()];
    const swap = (add: {id: string}, remove: {id: string}) => () =>
      port.groups.changeMembers(id, {add: [add.id], remove: [remove.id]}, options());
    const count = await counting(swap(ada, bob));
    await atEachRequest(count, async (mishap, at) => {
      value(await swap(bob, ada)());
      await during(nth(at, mishap), swap(ada, bob));
      expect(value(await swap(ada, bob)())).toBe('changed');
      for (const [user, isIn] of [
        [ada, true],
        [bob, false],
      ] as const)
        expect(value(await port.groups.hasMember(id, user.id, options()))).toBe(isIn);
    });
  });
}
