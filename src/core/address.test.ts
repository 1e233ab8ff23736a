import {expect, test} from '@jest/globals';
import {withQuery} from './address.ts';

const base = new URL('https://wiki.example/scim/v2/Users');

test.each([
  [{}, ''],
  [{filter: 'userName eq "a b&c+d"', count: '1'}, '?filter=userName%20eq%20%22a%20b%26c%2Bd%22&count=1'],
  [{'owner[]': 'ada'}, '?owner%5B%5D=ada'],
])('%j is written as %j', (query, search) => {
  expect(withQuery(base, query).href).toBe(base.href + search);
});
