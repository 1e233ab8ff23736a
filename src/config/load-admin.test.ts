import {expect, test} from '@jest/globals';
import {connectors} from '../../connectors/index.ts';
import {loadConfig} from './load.ts';

const hex = 'ab'.repeat(32);

/** Loads a config with this `admin`, whose file `tokens` has this text. */
const load = (admin: object, tokens = '') => {
  const text = JSON.stringify({
    kafka: {topics: ['events']},
    admin,
    targets: {
      wiki: {connector: 'scim', config: {baseUrl: 'https://wiki.example', auth: {bearer: 'made up'}}},
    },
  });
  return loadConfig({
    path: '/config.yaml',
    env: {},
    manifests: connectors.map(({manifest}) => manifest),
    readFile: (path) => (path === '/config.yaml' ? text : tokens),
  });
};

const file = '${file:/tokens}';

test('tokens are read from their file', () => {
  const loaded = load({auth: {tokens: file}}, `ann operator sha256:${hex}\n`);
  expect(loaded).toMatchObject({
    ok: true,
    config: {admin: {auth: {tokens: [{name: 'ann', role: 'operator', sha256: Buffer.from(hex, 'hex')}]}}},
    files: ['/tokens'],
  });
});

test('nobody signs in by an empty file, and that is no mistake: all were taken out', () => {
  expect(load({auth: {tokens: file}})).toMatchObject({ok: true, config: {admin: {auth: {tokens: []}}}});
});

test.each([
  ['a line that is none', {tokens: file}, 'admin.auth.tokens', 'line 2 is none'],
  ['no way to sign in', {}, 'admin.auth', 'expected tokens or oidc'],
  [
    'an issuer that anybody on the way could be',
    {oidc: {issuer: 'http://login.example', audience: 'a', roles: {}}},
    'admin.auth.oidc.issuer',
    'https',
  ],
  [
    'a role that there is not',
    {oidc: {issuer: 'https://login.example', audience: 'a', roles: {ops: 'root'}}},
    'admin.auth.oidc.roles.ops',
    'viewer or operator or approver',
  ],
])('%s is refused, and no token is printed', (_, auth, path, said) => {
  const loaded = load({auth}, `ann viewer sha256:${hex}\nbob viewer a-token-in-the-clear\n`);
  if (loaded.ok) throw new Error('it was taken');
  expect(loaded.problems).toEqual([expect.objectContaining({path, message: expect.stringContaining(said)})]);
  expect(JSON.stringify(loaded.problems)).not.toContain('clear');
});
