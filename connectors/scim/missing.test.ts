import {describe, expect, test} from '@jest/globals';
import {cutOff} from '../../src/core/engine/cut-off.ts';
import {noSuch, port, type Reply} from './testing/port.ts';
import {options} from './testing/scripted.ts';

const noRoute = {message: 'no Route matched with those values'};
const list = {totalResults: 1, Resources: [{id: 'other'}]};
const isProbe = (url: URL): boolean => url.search === '?count=1';

describe('an account that is not there', () => {
  test('is missing where the 404 is a SCIM error of a service that has just answered: nothing else is asked', async () => {
    const {port: made, made: rig} = port(({method}) => (method === 'PATCH' ? [204] : [404, noSuch]));
    const steps = made.cutOffSteps('delete');
    expect(await steps[0]?.act('u', options)).toEqual({ok: true, value: 'done'});
    const before = rig.requests.length;
    expect(await made.users.remove('u', options)).toEqual({ok: true, value: 'missing'});
    expect(rig.requests.length).toBe(before + 1);
  });

  test('by a SCIM error, of a service that has answered nothing yet, depends on its list', async () => {
    const {port: made, made: rig} = port(({url}) => (isProbe(url) ? [200, list] : [404, noSuch]));
    expect(await made.users.remove('u', options)).toEqual({ok: true, value: 'missing'});
    expect(rig.requests.map(({operation}) => operation)).toEqual(['delete user', 'probe']);
  });

  test.each(['deactivate', 'delete'] as const)(
    "is not cut off at an address that answers everything with SCIM's 404: %s",
    async (mode) => {
      const {port: made} = port(() => [404, noSuch]);
      const {receipt, failure} = await cutOff(made.cutOffSteps(mode), 'u', options, Date.now);
      expect(receipt).toMatchObject({complete: false, missing: false, steps: []});
      expect(failure).toMatchObject({kind: 'unavailable', cause: '404 no service'});
    },
  );

  test.each<[string, Reply, unknown]>([
    [
      'lists its users',
      ({url}) => (isProbe(url) ? [200, list] : [404, noRoute]),
      {ok: true, value: 'missing'},
    ],
    [
      'answers nothing else either',
      () => [404, noRoute],
      {ok: false, failure: {kind: 'unavailable', cause: '404 no service'}},
    ],
    [
      'answers with another JSON',
      ({url}) => (isProbe(url) ? [200, {status: 'healthy'}] : [404, noRoute]),
      {ok: false, failure: {kind: 'rejected', cause: '200 not SCIM'}},
    ],
    [
      'is not available',
      ({url}) => (isProbe(url) ? [503] : [404, noRoute]),
      {ok: false, failure: {kind: 'unavailable', status: 503}},
    ],
  ])('by a 404 of any other JSON depends on a service that %s', async (_name, reply, expected) => {
    expect(await port(reply).port.users.remove('u', options)).toMatchObject(expected as object);
  });
});
