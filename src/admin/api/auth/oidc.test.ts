import {afterAll, beforeAll, expect, test} from '@jest/globals';
import {exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey} from 'jose';
import {createServer, type Server} from 'node:http';
import type {AddressInfo} from 'node:net';
import {rig} from '../testing/rig.ts';
import {createOidcVerifier} from './oidc.ts';
import type {OidcSettings} from './principal.ts';

let provider: Server;
let issuer = '';
let key: CryptoKey;
let other: CryptoKey;
let asked: string[] = [];
let isAway = false;

beforeAll(async () => {
  const pair = await generateKeyPair('ES256', {extractable: true});
  key = pair.privateKey;
  other = (await generateKeyPair('ES256')).privateKey;
  const jwk = {...(await exportJWK(pair.publicKey)), kid: 'k', alg: 'ES256', use: 'sig'};
  provider = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (isAway) response.writeHead(503).end();
    else if (request.url === '/keys') response.end(JSON.stringify({keys: [jwk]}));
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
}

const jwt = ({
  roles = ['reads'],
  claims = {},
  audience = 'avro-scim',
  expires = '5m',
  by = key,
  from = issuer,
}: Made = {}) =>
  new SignJWT({realm: {roles}, ...claims})
    .setProtectedHeader({alg: 'ES256', kid: 'k'})
    .setSubject('ann')
    .setIssuer(from)
    .setAudience(audience)
    .setIssuedAt()
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
  const shared = await new SignJWT({realm: {roles: ['acts']}})
    .setProtectedHeader({alg: 'HS256', kid: 'k'})
    .setSubject('ann')
    .setIssuer(issuer)
    .setAudience('avro-scim')
    .setExpirationTime('5m')
    .sign(new TextEncoder().encode('x'.repeat(32)));
  expect(await ask(shared)).toMatchObject({status: 401});
  expect(await ask('a.b.c')).toMatchObject({status: 401});
});

test('a good JWT without a role: 403, and which claim gives none', async () => {
  for (const roles of [[], ['other'], 'toString', 7, {acts: true}])
    expect(await ask(await jwt({roles}))).toMatchObject({
      status: 403,
      detail: expect.stringContaining('realm.roles'),
    });
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
