import {test} from './cases.ts';
import {expect} from './expect.ts';
import {options, value, type Bench} from './bench.ts';
import {callsOf} from './calls.ts';

export function budgetContract(on: () => Bench): void {
  test.each([true, false])('every request is as urgent as its call (urgent: %s)', async (urgent) => {
    const {requests} = on();
    for (const [name, call] of await callsOf(on())) {
      const before = requests.length;
      value(await call(urgent ? {...options(), urgent} : options()));
      const those = requests.slice(before).map((request) => request.urgent ?? false);
      expect([name, those]).toEqual([name, those.map(() => urgent)]);
    }
  });

  test('who is asked for fewer requests sends no further one', async () => {
    const {during, requests, sentAfterAnswer, target} = on();
    for (const [name, call] of await callsOf(on())) {
      const result = await during({status: 429, headers: {'retry-after': '2'}}, () => call(options()));
      const asked = requests.at(-1);
      const kind = asked && target.isBeside?.(asked) ? 'transient' : 'throttled';
      expect([name, result]).toMatchObject([name, {failure: {kind, retryAfterMs: 2000}}]);
      expect([name, sentAfterAnswer()]).toEqual([name, 0]);
    }
  });

  test('a stop ends what is in flight, and what may have been done is said so', async () => {
    const {during, relay} = on();
    for (const [name, call] of await callsOf(on())) {
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
