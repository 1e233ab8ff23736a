import {afterAll, beforeAll, expect, test} from '@jest/globals';
import {exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey} from 'jose';
import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {eventually} from '../../../../test/support/eventually.ts';
import {rig} from '../testing/rig.ts';
import {createOidcVerifier} from './oidc.ts';
import type {OidcSettings} from './principal.ts';

let provider: Server;
let issuer = '';
let key: CryptoKey;
let other: CryptoKey;
let asked: string[] = [];
let isAway = false;
let published: object[] = [];
let publicPem = '';

const jwkOf = async (publicKey: CryptoKey, kid: string) => ({
  ...(await exportJWK(publicKey)),
  ...{kid, alg: 'ES256', use: 'sig'},
});

beforeAll(async () => {
  const pair = await generateKeyPair('ES256', {extractable: true});
  key = pair.privateKey;
  other = (await generateKeyPair('ES256')).privateKey;
  publicPem = await exportSPKI(pair.publicKey);
  published = [await jwkOf(pair.publicKey, 'k')];
  provider = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (isAway) response.writeHead(503).end();
    else if (request.url === '/keys') response.end(JSON.stringify({keys: published}));
    else response.end(JSON.stringify({issuer, jwks_uri: `${issuer}/keys`}));
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`;
});

afterAll(() => new Promise((resolve) => provider.close(resolve)));

const settings = (): OidcSettings => ({
  issuer,
  audience: 'avro-scim',
  roleClaim: 'realm.roles',
  roles: {reads: 'viewer', acts: 'operator', __proto__x: 'approver'},
});

interface Made {
  roles?: unknown;
  claims?: object;
  audience?: string;
  expires?: string;
  by?: CryptoKey;
  from?: string;
  kid?: string;
  notBefore?: string;
}

const jwt = ({
  roles = ['reads'],
  claims = {},
  audience = 'avro-scim',
  expires = '5m',
  by = key,
  from = issuer,
  kid = 'k',
  notBefore = '0s',
}: Made = {}) =>
  new SignJWT({realm: {roles}, ...claims})
    .setProtectedHeader({alg: 'ES256', kid})
    .setSubject('ann')
    .setIssuer(from)
    .setAudience(audience)
    .setIssuedAt()
    .setNotBefore(notBefore)
    .setExpirationTime(expires)
    .sign(by);

const ask = async (token: string, app = rig({auth: {oidc: settings()}})) => {
  const answer = await app.inject({url: '/session', headers: {authorization: `Bearer ${token}`}});
  return {status: answer.statusCode, ...answer.json<Record<string, unknown>>()};
};

test('a JWT signs in with the highest role that its claim gives', async () => {
  expect(await ask(await jwt())).toEqual({status: 200, name: 'ann', role: 'viewer', via: 'oidc'});
  expect(await ask(await jwt({roles: ['acts', 'x', 'reads']}))).toMatchObject({role: 'operator'});
  expect(await ask(await jwt({roles: 'acts'}))).toMatchObject({role: 'operator'});
});

test('a claim whose name has dots is found by its whole name first', async () => {
  const oidc = {...settings(), roleClaim: 'https://acme.example/roles'};
  const token = await jwt({claims: {'https://acme.example/roles': ['acts']}});
  expect(await ask(token, rig({auth: {oidc}}))).toMatchObject({role: 'operator'});
});

test.each<[string, Made]>([
  ['for another audience', {audience: 'wiki'}],
  ['that has expired', {expires: '-5m'}],
  ['of another issuer', {from: 'https://login.example'}],
])('a JWT %s: 401', async (_, made) => {
  expect(await ask(await jwt(made))).toMatchObject({status: 401});
});

test('a JWT signed with another key: 401', async () => {
  expect(await ask(await jwt({by: other}))).toMatchObject({status: 401});
});

test('a JWT that is not signed, or with a secret that all can know: 401', async () => {
  const none = new UnsecuredJWT({realm: {roles: ['acts']}})
    .setSubject('ann')
    .setIssuer(issuer)
    .setAudience('avro-scim')
    .setExpirationTime('5m')
    .encode();
  expect(await ask(none)).toMatchObject({status: 401});
  // The second is the public key, which everybody can have: RFC 8725, section 2.1.
  for (const secret of ['x'.repeat(32), publicPem]) {
    const shared = await new SignJWT({realm: {roles: ['acts']}})
      .setProtectedHeader({alg: 'HS256', kid: 'k'})
      .setSubject('ann')
      .setIssuer(issuer)
      .setAudience('avro-scim')
      .setExpirationTime('5m')
      .sign(new TextEncoder().encode(secret));
    expect(await ask(shared)).toMatchObject({status: 401});
  }
  expect(await ask('a.b.c')).toMatchObject({status: 401});
});

test('a good JWT without a role: 403, and which claim gives none', async () => {
  for (const roles of [[], ['other'], 'toString', 7, {acts: true}])
    expect(await ask(await jwt({roles}))).toMatchObject({
      status: 403,
      detail: expect.stringContaining('realm.roles'),
    });
});

test.each<[string, Made, number]>([
  ['expired half a minute ago', {expires: '-30s'}, 200],
  ['begins in half a minute', {notBefore: '30s'}, 200],
  ['begins in two minutes', {notBefore: '2m'}, 401],
])('clocks differ: a JWT that %s', async (_, made, status) => {
  expect(await ask(await jwt(made))).toMatchObject({status});
});

test('without a role an action says which one it needs', async () => {
  const app = rig({auth: {oidc: settings()}});
  const headers = {authorization: `Bearer ${await jwt({roles: []})}`};
  const url = '/api/v1/holds/approve';
  const answer = await app.inject({method: 'POST', url, headers, payload: {holds: []}});
  expect([answer.statusCode, answer.json<object>()]).toMatchObject([403, {role: 'approver'}]);
});

test('a key that is new at the provider is fetched, one that nobody knows not for each token', async () => {
  const cooldownMs = 200;
  const app = rig({auth: {oidc: settings()}, verifier: createOidcVerifier({cooldownMs})});
  const pair = await generateKeyPair('ES256', {extractable: true});
  const before = published;
  const rotated = await jwt({by: pair.privateKey, kid: 'k2'});
  try {
    expect(await ask(await jwt(), app)).toMatchObject({status: 200});
    asked = [];
    for (let n = 0; n < 5; n += 1) expect(await ask(rotated, app)).toMatchObject({status: 401});
    expect(asked.length).toBeLessThanOrEqual(1);
    published = [await jwkOf(pair.publicKey, 'k2')];
    await eventually(async () => (await ask(rotated, app)).status === 200);
    expect(await ask(await jwt(), app)).toMatchObject({status: 401});
  } finally {
    published = before;
  }
});

test('a provider that is away: 503, asked again after a while, not for each token', async () => {
  isAway = true;
  asked = [];
  let now = Date.now();
  const app = rig({auth: {oidc: settings()}, verifier: createOidcVerifier({now: () => now})});
  try {
    const token = await jwt();
    expect(await ask(token, app)).toMatchObject({status: 503, service: 'oidc'});
    isAway = false;
    expect(await ask(token, app)).toMatchObject({status: 503});
    expect(asked).toHaveLength(1);
    now += 10_000;
    expect(await ask(token, app)).toMatchObject({status: 200});
  } finally {
    isAway = false;
  }
});
