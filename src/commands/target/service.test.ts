import {expect, test} from '@jest/globals';
import {readGates, serviceAddress} from './service.ts';

test.each([
  ['127.0.0.1', 'http://127.0.0.1:9464'],
  ['0.0.0.0', 'http://127.0.0.1:9464'],
  ['::', 'http://[::1]:9464'],
  ['admin.example', 'http://admin.example:9464'],
])('what listens at %s is asked at %s', (host, address) => {
  expect(serviceAddress({host, port: 9464})).toBe(address);
});

test('where nobody answers, no gate is known', async () => {
  expect(await readGates({host: '127.0.0.1', port: 1})).toBeUndefined();
});
