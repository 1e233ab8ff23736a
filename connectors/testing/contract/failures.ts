import {test} from './cases.ts';
import {expect} from './expect.ts';
import type {HttpRequest} from '../../../src/core/connector.ts';
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
    {kind: 'rejected', maybeDone: true},
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
    const {during, port, target} = on();
    const result = await during(answer, () => port.users.create(target.user(fresh()), options()));
    expect(result).toMatchObject({ok: false, failure: expected});
  });

  test.each([401, 429, 503])(
    'a read or a removal that is answered %i never looks like success',
    async (status) => {
      const {during, port, newUser} = on();
      const {id} = await newUser();
      const results = await during({status}, async () => [
        await port.users.get(id, options()),
        await port.users.find({by: 'userName', value: 'x'}, options()),
        await port.users.remove(id, options()),
        await port.groups.hasMember('g', id, options()),
        ...(await Promise.all(port.cutOffSteps('delete').map((step) => step.verify(id, options())))),
      ]);
      expect(results.map((result) => result.ok)).toEqual(results.map(() => false));
    },
  );

  test.each(strangers)(
    'a service that is not where it was (404 %s for everything) has not removed anybody',
    async (text) => {
      const {during, port, newUser} = on();
      const {id} = await newUser();
      const steps = [...port.cutOffSteps('deactivate'), ...port.cutOffSteps('delete')];
      const results = await during({status: 404, text}, async () => {
        const found: Result<unknown>[] = [await port.users.remove(id, options())];
        for (const step of steps) found.push(await step.act(id, options()), await step.verify(id, options()));
        return found;
      });
      expect(results.map((result) => result.ok)).toEqual(results.map(() => false));
    },
  );

  test('an answer about another account is no word about this one', async () => {
    const {during, port, newUser} = on();
    const [user, other] = [await newUser(), await newUser()];
    const [first] = port.cutOffSteps('deactivate');
    let swapped = 0;
    const swap = (request: HttpRequest): Injected => {
      const url = new URL(
        request.url.href.replaceAll(encodeURIComponent(user.id), encodeURIComponent(other.id)),
      );
      if (url.href !== request.url.href) swapped += 1;
      return {instead: {...request, url}};
    };
    const read = await during(swap, () => port.users.get(user.id, options()));
    // Where the id is in no address there is nothing to mistake.
    if (swapped > 0) expect(read).toMatchObject({ok: false});
    const verified = await during(
      swap,
      () => first?.verify(user.id, options()) ?? Promise.resolve(undefined),
    );
    expect(verified).not.toMatchObject({ok: true, value: {ended: true}});
  });

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

  test('a refusal in the words of the service is the failure that it means', async () => {
    const {during, port, target, newUser} = on();
    const {id, key} = await newUser();
    for (const {answer, failure} of target.errors ?? []) {
      const desired = {...target.user(key), displayName: fresh()};
      const update = {desired, changed: ['displayName']};
      const result = await during(answer, () => port.users.update(id, update, options()));
      expect([answer, result]).toMatchObject([answer, {ok: false, failure}]);
    }
  });
}
