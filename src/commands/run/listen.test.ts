import {expect, test} from '@jest/globals';
import {createAdmin} from '../../admin/server.ts';
import {silent} from '../../admin/testing/log.ts';
import {listen} from './listen.ts';

const host = '127.0.0.1';
const admin = (at: {host: string; port: number}) =>
  createAdmin({
    ...at,
    log: silent(),
    readiness: () => ({dependencies: {}, targets: {}}),
    metrics: () => Promise.resolve(''),
  });

test('a port that is taken is told with where to change it', async () => {
  const first = admin({host, port: 0});
  expect(await listen(first, 'here.yaml', {host, port: 0})).toBeUndefined();
  const port = Number(new URL(first.address()).port);
  expect(await listen(admin({host, port}), 'here.yaml', {host, port})).toBe(
    `can not listen on 127.0.0.1:${port} for health and metrics: another process listens there; ` +
      'change admin.host or admin.port in here.yaml',
  );
  await first.close();
});

test('an address of another machine', async () => {
  const at = {host: '192.0.2.1', port: 0};
  expect(await listen(admin(at), 'here.yaml', at)).toContain('no such address');
});
