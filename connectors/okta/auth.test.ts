import {describe, expect, test} from '@jest/globals';
import {exportJWK, exportPKCS8, generateKeyPair} from 'jose';
import {configSchema} from './manifest.ts';
import {openRig, options, scripted, type Rig} from './testing/rig.ts';

const get = (rig: Pick<Rig, 'port'>) => rig.port.users.get('00u1', options);
const refusedToken = {errorCode: 'E0000011', errorSummary: 'Invalid token provided', errorCauses: []};

describe('API tokens', () => {
  test('of two the first that Okta takes is used, and goes on being used', async () => {
    const sent: string[] = [];
    const made = scripted(
      ({headers}) => {
        sent.push(headers?.['authorization'] ?? '');
        return headers?.['authorization'] === 'SSWS new'
          ? [404, {errorCode: 'E0000007'}]
          : [401, refusedToken];
      },
      {auth: {apiToken: [' old\n', 'new']}},
    );
    for (let i = 0; i < 2; i++) expect(await get(made)).toEqual({ok: true, value: undefined});
    expect(sent).toEqual(['SSWS old', 'SSWS new', 'SSWS new']);
    made.configure({auth: {apiToken: 'newer'}});
    await get(made);
    expect(sent[3]).toBe('SSWS newer');
  });

  test('when neither is taken, both are tried again the next time', async () => {
    const made = scripted(() => [401, refusedToken], {auth: {apiToken: ['a', 'b']}});
    for (let i = 0; i < 2; i++)
      expect(await get(made)).toMatchObject({failure: {kind: 'unauthorized', cause: '401 E0000011'}});
    const sent = made.requests.map(({headers}) => headers?.['authorization']);
    expect(sent).toEqual(['SSWS a', 'SSWS b', 'SSWS a', 'SSWS b']);
  });
});

describe('an API Services app', () => {
  const keyPair = () => generateKeyPair('RS256', {extractable: true});

  async function withApp(run: (rig: Rig, keys: {pem: string; jwk: string}) => Promise<void>): Promise<void> {
    const [first, second] = [await keyPair(), await keyPair()];
    const rig = await openRig();
    const jwk = JSON.stringify({...(await exportJWK(second.privateKey)), kid: 'two'});
    rig.double.credentials.client = {
      id: 'client',
      keys: new Map([
        ['one', first.publicKey],
        ['two', second.publicKey],
      ]),
      grantedScopes: ['okta.users.manage', 'okta.groups.manage', 'okta.schemas.read'],
      demandsDpop: false,
    };
    await run(rig, {pem: await exportPKCS8(first.privateKey), jwk}).finally(() => rig.close());
  }

  const asked = ({double}: Rig): number => double.asked.filter((name) => name === 'token').length;

  test('proves itself by a PEM or a JWK; one token serves all who wait, until Okta refuses it', async () => {
    await withApp(async (rig, {pem, jwk}) => {
      for (const key of [{privateKey: pem, keyId: 'one'}, {privateKey: jwk}]) {
        rig.configure({auth: {oauth2: {clientId: 'client', ...key}}});
        const before = asked(rig);
        const results = await Promise.all([get(rig), get(rig), get(rig)]);
        expect(results).toEqual(results.map(() => ({ok: true, value: undefined})));
        expect(asked(rig) - before).toBe(1);
      }
      rig.double.credentials.accessTokens.clear();
      expect(await get(rig)).toEqual({ok: true, value: undefined});
      expect(asked(rig)).toBe(3);
    });
  });

  test('of two keys the other is tried where the first is not taken', async () => {
    await withApp(async (rig, {pem, jwk}) => {
      rig.double.credentials.client.keys.delete('one');
      rig.configure({auth: {oauth2: {clientId: 'client', privateKey: [pem, jwk], keyId: ['one', 'two']}}});
      expect(await get(rig)).toEqual({ok: true, value: undefined});
      expect(asked(rig)).toBe(2);
    });
  });

  test.each([
    ['an app that demands DPoP', {demandsDpop: true}, 'token 400 invalid_dpop_proof', /turn it off/],
    ['a scope that is not granted', {grantedScopes: []}, 'token 400 invalid_scope', /Okta API Scopes/],
    ['an unknown client', {id: 'other'}, 'token 401 invalid_client', /clientId/],
  ])('%s is said so, without the key', async (_name, client, cause, message) => {
    await withApp(async (rig, {pem}) => {
      Object.assign(rig.double.credentials.client, client);
      rig.configure({auth: {oauth2: {clientId: 'client', privateKey: pem, keyId: 'one'}}});
      const result = await get(rig);
      expect(result).toMatchObject({failure: {kind: 'unauthorized', cause}});
      expect(result).toMatchObject({failure: {message: expect.stringMatching(message)}});
      expect(JSON.stringify(result)).not.toContain(pem.split('\n')[1]);
      expect(JSON.stringify(result)).not.toContain('exchange');
    });
  });

  test('a key that is none is said so, and nothing is sent', async () => {
    const made = scripted(() => [500], {auth: {oauth2: {clientId: 'c', privateKey: 'n0t a key'}}});
    const result = await get(made);
    expect(result).toMatchObject({failure: {kind: 'unauthorized', cause: 'private key'}});
    expect(JSON.stringify(result)).not.toContain('n0t');
    expect(made.requests).toEqual([]);
  });
});

test.each([
  [{auth: {}}, 'exactly one of apiToken and oauth2'],
  [{auth: {apiToken: ['a', 'b', 'c']}}, ''],
  [{orgUrl: 'https://acme-admin.okta.com'}, 'without -admin'],
  [{orgUrl: 'https://acme.okta.com/api/v1'}, 'without path'],
  [{externalIdAttribute: 'profile.externalId'}, 'variable name'],
])('settings %j are refused', (settings, message) => {
  const read = configSchema.safeParse({orgUrl: 'https://acme.okta.com', auth: {apiToken: 't'}, ...settings});
  expect(read.success).toBe(false);
  expect(JSON.stringify(read.error?.issues)).toContain(message);
});
