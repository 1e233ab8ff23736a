import {expect, test} from '@jest/globals';
import {options, value, type Bench} from './bench.ts';

export function cutOffContract(on: () => Bench): void {
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
      if (mode === 'delete') expect(value(await port.users.get(id, options()))).toBeUndefined();
    },
  );

  test('an account that is gone is cut off', async () => {
    const {port} = on();
    const {id} = await on().newUser();
    value(await port.users.remove(id, options()));
    for (const mode of ['deactivate', 'delete'] as const)
      for (const step of port.cutOffSteps(mode)) {
        expect(value(await step.act(id, options()))).toBe('missing');
        expect(value(await step.verify(id, options())).ended).toBe(true);
      }
  });
}
