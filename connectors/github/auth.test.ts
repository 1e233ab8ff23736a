import {createPrivateKey} from 'node:crypto';
import {describe, expect, test} from '@jest/globals';
import {exportPKCS8, generateKeyPair} from 'jose';
import {githubOrganization} from '../github-organization/index.ts';
import {samlRefused} from './testing/graphql.ts';
import {refusal} from './testing/replies.ts';
import {openRig, options, person, remote, scripted, value, withApp, type Rig} from './testing/rig.ts';

const newKey = async () => exportPKCS8((await generateKeyPair('RS256', {extractable: true})).privateKey);

async function withRig(run: (rig: Rig) => Promise<void>): Promise<void> {
  const rig = await openRig(githubOrganization, {organization: 'acme'});
  try {
    await run(rig);
    expect(rig.double.faults).toEqual([]);
  } finally {
    await rig.close();
  }
}

const fetches = (rig: Rig): number =>
  rig.double.asked.filter((id) => id === 'apps/create-installation-access-token').length;
const read = (rig: Rig) => rig.port.users.get('nobody', options);

describe('an App', () => {
  test('its token is fetched once for all who wait, and again before the hour is over', () =>
    withRig(async (rig) => {
      rig.configure({auth: {app: await withApp(rig.double)}});
      await Promise.all([read(rig), read(rig), read(rig)].map(async (one) => value(await one)));
      expect(fetches(rig)).toBe(1);
      rig.clock.now += 54 * 60_000;
      value(await read(rig));
      expect(fetches(rig)).toBe(1);
      rig.clock.now += 2 * 60_000;
      value(await read(rig));
      expect(fetches(rig)).toBe(2);
    }));

  test('a token that is refused in the middle of its hour is replaced', () =>
    withRig(async (rig) => {
      rig.configure({auth: {app: await withApp(rig.double)}});
      value(await read(rig));
      rig.double.credentials.installationTokens.clear();
      value(await read(rig));
      expect(fetches(rig)).toBe(2);
    }));

  test('the second key is used when the first is refused', () =>
    withRig(async (rig) => {
      const app = await withApp(rig.double);
      rig.configure({auth: {app: {...app, privateKey: [await newKey(), app.privateKey]}}});
      value(await read(rig));
      expect(fetches(rig)).toBe(2);
    }));

  test("the key may be in GitHub's own form (PKCS #1)", () =>
    withRig(async (rig) => {
      const app = await withApp(rig.double);
      const privateKey = createPrivateKey(app.privateKey).export({type: 'pkcs1', format: 'pem'});
      rig.configure({auth: {app: {...app, privateKey}}});
      value(await read(rig));
    }));

  test('with a token beside it, the token is for SCIM alone', () =>
    withRig(async (rig) => {
      rig.configure({auth: {token: 'ghp_contract-of-an-owner', app: await withApp(rig.double)}});
      value(await read(rig));
      expect(fetches(rig)).toBe(0);
      value(await rig.port.groups.get('1', options));
      expect(fetches(rig)).toBe(1);
    }));

  test.each([
    ['a wrong installation', {installationId: 8}, 'token 404', /installationId/],
    ['another App', {id: '999'}, 'token 401', /auth\.app\.id/],
    ['no key at all', {privateKey: 'secret words'}, 'private key', /not an RSA private key/],
  ])('%s is named, and no secret is', (_name, wrong, cause, message) =>
    withRig(async (rig) => {
      rig.configure({auth: {app: {...(await withApp(rig.double)), ...wrong}}});
      const result = await read(rig);
      expect(result).toMatchObject({ok: false, failure: {kind: 'unauthorized', cause}});
      expect(result).toMatchObject({failure: {message: expect.stringMatching(message)}});
      expect(JSON.stringify(result)).not.toMatch(/secret words|Bearer|eyJ/);
    }),
  );

  test('a clock that is ahead does not keep a token that is dead', async () => {
    const app = {id: 'x', installationId: 1, privateKey: await newKey()};
    const made = scripted(githubOrganization, {organization: 'acme', auth: {app}}, ({url}) => {
      if (!url.pathname.includes('access_tokens')) return [200, {Resources: []}];
      const ends = {token: 'ghs_1', expires_at: '2026-01-01T00:30:00Z'};
      return [201, ends, {date: 'Wed, 31 Dec 2025 23:30:00 GMT'}];
    });
    const ask = () => made.port.users.find({by: 'userName', value: 'nobody'}, options);
    value(await ask());
    made.clock.now += 50 * 60_000;
    value(await ask());
    expect(made.requests).toHaveLength(3);
    made.clock.now += 6 * 60_000;
    value(await ask());
    expect(made.requests).toHaveLength(5);
  });

  test('a limit while a token is fetched is waited out', async () => {
    const app = {id: 'x', installationId: 1, privateKey: await newKey()};
    const {port} = scripted(githubOrganization, {organization: 'acme', auth: {app}}, () => [
      403,
      {message: 'API rate limit exceeded'},
      {'retry-after': '30'},
    ]);
    expect(await port.users.get('nobody', options)).toMatchObject({
      failure: {kind: 'throttled', retryAfterMs: 30_000},
    });
  });
});

describe('two tokens', () => {
  test('the other is tried on a 401, and kept', () =>
    withRig(async (rig) => {
      rig.configure({auth: {token: ['ghp_old-and-revoked', 'ghp_contract-of-an-owner']}});
      value(await read(rig));
      const before = rig.double.asked.length;
      value(await read(rig));
      // A read that finds nobody, and the list that confirms it.
      expect(rig.double.asked.length - before).toBe(2);
    }));

  test.each([
    ['403', refusal(403, 'Resource protected by organization SAML enforcement.'), 'get'],
    ['GraphQL', samlRefused(), 'graphql'],
  ])('the other is tried where the first lacks single sign-on, as %s says', (_name, refusedBy, part) =>
    withRig(async (rig) => {
      rig.double.credentials.tokens.set('ghp_without-sso', ['admin:org']);
      rig.configure({auth: {token: ['ghp_without-sso', 'ghp_contract-of-an-owner']}});
      const {id} = remote(value(await rig.port.users.create(person('ada'), options)));
      let left = 1;
      rig.double.instead = (operation) => (operation.includes(part) && left-- > 0 ? refusedBy : undefined);
      const [membership] = rig.port.cutOffSteps('deactivate');
      expect(value((await membership?.verify(id, options)) ?? {ok: true, value: {ended: true}}).ended).toBe(
        false,
      );
      expect(left).toBeLessThan(1);
    }),
  );

  test('when both are refused, both count again', () =>
    withRig(async (rig) => {
      rig.configure({auth: {token: ['ghp_one-of-two', 'ghp_two-of-two']}});
      for (let i = 0; i < 2; i++)
        expect(await read(rig)).toMatchObject({
          failure: {kind: 'unauthorized', cause: '401 bad credentials'},
        });
      rig.double.credentials.tokens.set('ghp_one-of-two', ['admin:org']);
      value(await read(rig));
    }));
});
