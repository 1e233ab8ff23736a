import {describe, expect, test} from '@jest/globals';
import {noSuch, port, type Reply} from './testing/port.ts';
import {options} from './testing/scripted.ts';

const noRoute = {message: 'no Route matched with those values'};
const list = {totalResults: 1, Resources: [{id: 'other'}]};
const isProbe = (url: URL): boolean => url.search === '?count=1';

describe('an account that is not there', () => {
  test('is missing where the 404 is a SCIM error: nothing else is asked', async () => {
    const {port: made, made: rig} = port(() => [404, noSuch]);
    expect(await made.users.remove('u', options)).toEqual({ok: true, value: 'missing'});
    expect(rig.requests.length).toBe(1);
  });

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
