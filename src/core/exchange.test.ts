import {expect, test} from '@jest/globals';
import {unread} from './exchange.ts';

const why = {kind: 'rejected', message: 'undocumented', cause: '200 undocumented'} as const;
const exchange = (method: string) => ({method, url: 'https://wiki.example/Users'});

test('a write whose answer can not be read may have been carried out, a read may not', () => {
  const failure = {...why, status: 200};
  const [post, get] = [exchange('POST'), exchange('GET')];
  expect(unread(post, 200, why)).toEqual({ok: false, failure: {...failure, maybeDone: true, exchange: post}});
  expect(unread(get, 200, why)).toEqual({ok: false, failure: {...failure, exchange: get}});
  expect(unread(post, 200, why, true)).toEqual({ok: false, failure: {...failure, exchange: post}});
});
