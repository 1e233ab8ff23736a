import {test} from './cases.ts';
import {expect} from './expect.ts';
import {cutOff, readBack} from '../../../src/core/engine/cut-off.ts';
import {upsert} from '../../../src/core/engine/upsert.ts';
import {failed, ok} from '../../../src/core/failure.ts';
import {applyUser, fresh, lookUpsOf, options, value, type Bench} from './bench.ts';

export function lifeContract(on: () => Bench): void {
  test('one who leaves and comes back is let in, and can be cut off again', async () => {
    const {port, target, newUser} = on();
    const {id, key} = await newUser();
    const desired = target.user(key);
    const leave = (of: string) =>
      cutOff(port.cutOffSteps('deactivate'), of, {...options(), urgent: true}, Date.now);
    const isShut = (of: string) => readBack(port.cutOffSteps('deactivate'), of, options(), Date.now);
    expect((await leave(id)).receipt.complete).toBe(true);

    const task = {port: port.users, desired, doubt: false, lookUps: lookUpsOf(target, desired, 'userName')};
    const adopt = () => Promise.resolve(ok(undefined));
    const {remoteId} = value(
      await upsert({...task, remoteId: id, changed: ['active'], adopt, options: options()}),
    );
    const back = value(await port.users.get(remoteId, options()));
    expect(back?.attributes['active'] ?? true).toBe(true);
    for (const lookUp of lookUpsOf(target, desired, 'userName'))
      expect(value(await port.users.find(lookUp, options()))?.id).toBe(remoteId);
    expect(await isShut(remoteId)).toBeUndefined();

    await target.use?.(remoteId);
    expect((await leave(remoteId)).receipt.complete).toBe(true);
    expect((await target.left?.(remoteId)) ?? []).toEqual([]);
  });

  test.each([true, false])(
    'an account that exists is taken over and made as it should be (in doubt: %s)',
    async (doubt) => {
      const {target, port, newUser} = on();
      const {id, key} = await newUser();
      const desired = {...target.user(key), displayName: `Adopted ${key}`};
      expect(value(await applyUser(on(), key, {doubt, desired}))).toEqual({remoteId: id, did: 'adopted'});
      const called = target.isFixed ? target.user(key)['displayName'] : desired.displayName;
      expect(value(await port.users.get(id, options()))?.attributes['displayName']).toBe(called);
    },
  );

  test("an account that is another subject's is left as it is", async () => {
    const {target, port, newUser} = on();
    const {id, key} = await newUser();
    const before = value(await port.users.get(id, options()));
    const desired = {...target.user(key), displayName: `Taken ${fresh()}`};
    const conflict = {kind: 'conflict', message: '', cause: 'owned'} as const;
    const adopt = () => Promise.resolve(failed(conflict));
    expect(await applyUser(on(), key, {desired, adopt})).toEqual(failed(conflict));
    expect(value(await port.users.get(id, options()))).toEqual(before);
  });
}
