import {test} from './cases.ts';
import {expect} from './expect.ts';
import {cutOff, type Receipt} from '../../../src/core/engine/cut-off.ts';
import type {CutOffMode} from '../../../src/core/port.ts';
import {nth, options, value, type Bench} from './bench.ts';
import {atEachRequest} from './lost.ts';

export function cutOffContract(on: () => Bench): void {
  const run = async (id: string, mode: CutOffMode): Promise<Receipt> => {
    const {port} = on();
    return (await cutOff(port.cutOffSteps(mode), id, {...options(), urgent: true}, Date.now)).receipt;
  };
  const left = async (id: string): Promise<readonly string[]> => (await on().target.left?.(id)) ?? [];

  test.each(['deactivate', 'delete'] as const)(
    '%s: every step acts, twice, and is verified',
    async (mode) => {
      const {port} = on();
      const {id} = await on().newUser();
      await on().target.use?.(id);
      const steps = port.cutOffSteps(mode);
      expect(steps.length).toBeGreaterThan(0);
      for (const step of steps) expect(value(await step.verify(id, options())).ended).toBe(false);
      for (const step of steps) {
        value(await step.act(id, {...options(), urgent: true}));
        expect(value(await step.verify(id, options())).ended).toBe(true);
        value(await step.act(id, options()));
      }
      expect(await left(id)).toEqual([]);
      const isGone = mode === 'delete' && on().target.keepsUsers !== true;
      if (isGone) expect(value(await port.users.get(id, options()))).toBeUndefined();
    },
  );

  test.each(['deactivate', 'delete'] as const)(
    '%s: whatever passing failure it meets, and wherever, it is finished when it is run again',
    async (mode) => {
      const {port, newUser, target, during, counting} = on();
      const first = await newUser();
      await target.use?.(first.id);
      const count = await counting(() => run(first.id, mode));
      const names = port.cutOffSteps(mode).map(({name}) => name);
      await atEachRequest(count, async (mishap, at) => {
        const {id} = await newUser();
        await target.use?.(id);
        let receipt = await during(nth(at, mishap), () => run(id, mode));
        // What is called complete has to be: nobody asks again.
        if (receipt.complete) expect(await left(id)).toEqual([]);
        for (let again = 0; again < 2 && !receipt.complete; again++) receipt = await run(id, mode);
        expect(receipt.steps.map(({name}) => name)).toEqual(names);
        expect(receipt.complete).toBe(true);
        expect(await left(id)).toEqual([]);
        if (mode === 'deactivate') await port.users.remove(id, options());
      });
    },
  );

  test.each(['deactivate', 'delete'] as const)(
    '%s: where access is left that no call ends, the receipt says so',
    async (mode) => {
      const {newUser, target} = on();
      const {id} = await newUser();
      await target.use?.(id);
      const {complete, steps} = await run(id, mode);
      expect(complete).toBe(true);
      const said = steps.flatMap(({remains}) => remains ?? []);
      if ((target.leaves ?? []).length > 0) expect(said.length).toBeGreaterThan(0);
      expect(said.filter((text) => text.trim() === '')).toEqual([]);
    },
  );

  test('an account that is gone is cut off', async () => {
    const {port} = on();
    const {id} = await on().newUser();
    value(await port.users.remove(id, options()));
    for (const mode of ['deactivate', 'delete'] as const) {
      const acted: string[] = [];
      for (const step of port.cutOffSteps(mode)) {
        acted.push(value(await step.act(id, options())));
        expect(value(await step.verify(id, options())).ended).toBe(true);
      }
      // A step may end what outlives the account: a session that another service would still take.
      expect(acted).toContain('missing');
    }
  });
}
