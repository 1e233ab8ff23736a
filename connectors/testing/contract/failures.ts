import {expect, test} from '@jest/globals';
import type {Failure, Result} from '../../../src/core/failure.ts';
import {fresh, options, type Bench, type Injected} from './bench.ts';

const refusals: [Injected, Partial<Failure>][] = [
  [{status: 302, headers: {location: 'https://elsewhere.example/'}}, {kind: 'rejected'}],
  [{status: 400, text: '{"status":400,"scimType":"invalidValue","detail":"no"}'}, {kind: 'rejected'}],
  [{status: 400, text: '<html>no</html>'}, {kind: 'rejected'}],
  [{status: 401}, {kind: 'unauthorized'}],
  [{status: 403, text: '{"detail":"no"}'}, {kind: 'unauthorized'}],
  [{status: 413}, {kind: 'rejected'}],
  [
    {status: 429, headers: {'retry-after': '7'}},
    {kind: 'throttled', retryAfterMs: 7000},
  ],
  [
    {status: 500, text: 'oops'},
    {kind: 'transient', maybeDone: true},
  ],
  [{status: 503}, {kind: 'unavailable'}],
  [
    {status: 200, text: '<html>sign in</html>'},
    {kind: 'transient', maybeDone: true},
  ],
  ['lost', {kind: 'transient', maybeDone: true}],
];

/** What gateways and frameworks say where they know no such route. */
const strangers = [
  'default backend',
  '{"message":"no Route matched with those values"}',
  '{"timestamp":"2026-01-01T00:00:00Z","status":404,"error":"Not Found","path":"/scim/v2/Users/1"}',
];

export function failureContract(on: () => Bench): void {
  test.each(refusals)('a create that is answered %j is a failure value', async (answer, expected) => {
    const bench = on();
    bench.inject = answer;
    const result = await bench.port.users.create(bench.target.user(fresh()), options());
    bench.inject = undefined;
    expect(result).toMatchObject({ok: false, failure: expected});
  });

  test.each([401, 429, 503])(
    'a read or a removal that is answered %i never looks like success',
    async (status) => {
      const bench = on();
      const {id} = await on().newUser();
      bench.inject = {status};
      const results = [
        await bench.port.users.get(id, options()),
        await bench.port.users.find({by: 'userName', value: 'x'}, options()),
        await bench.port.users.remove(id, options()),
        await bench.port.groups.hasMember('g', id, options()),
        ...(await Promise.all(bench.port.cutOffSteps('delete').map((step) => step.verify(id, options())))),
      ];
      bench.inject = undefined;
      expect(results.map((result) => result.ok)).toEqual(results.map(() => false));
    },
  );

  test.each(strangers)(
    'a service that is not where it was (404 %s for everything) has not removed anybody',
    async (text) => {
      const bench = on();
      const {id} = await on().newUser();
      const steps = [...bench.port.cutOffSteps('deactivate'), ...bench.port.cutOffSteps('delete')];
      bench.inject = {status: 404, text};
      const results: Result<unknown>[] = [await bench.port.users.remove(id, options())];
      for (const step of steps) results.push(await step.act(id, options()), await step.verify(id, options()));
      bench.inject = undefined;
      expect(results.map((result) => result.ok)).toEqual(results.map(() => false));
    },
  );

  test('a stop ends a call at once', async () => {
    const {port, target} = on();
    const signal = AbortSignal.abort();
    for (const result of [
      await port.users.create(target.user(fresh()), {signal}),
      await port.users.find({by: 'userName', value: 'x'}, {signal}),
      await port.check(signal),
    ])
      expect(result).toMatchObject({ok: false, failure: {kind: 'transient'}});
  });

  test('no failure and no log line holds a secret', () => {
    const {said, target} = on();
    expect(said.length).toBeGreaterThan(0);
    for (const secret of target.secrets) expect(said.filter((line) => line.includes(secret))).toEqual([]);
  });
}
