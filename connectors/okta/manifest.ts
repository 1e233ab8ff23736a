import {z} from 'zod';
import type {Manifest} from '../../src/core/connector.ts';
import {secretSchema} from '../../src/core/secret.ts';

const attributeName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, {error: 'expected a variable name'});

const oauth2Schema = z.strictObject({
  clientId: z.string().min(1).describe('client id of the API Services app'),
  privateKey: secretSchema.describe(
    'PKCS #8 PEM or JWK, for private_key_jwt; a list of two while it is rotated',
  ),
  keyId: secretSchema.optional().describe('`kid` of the key, or of both; absent: that of the JWK, or none'),
  alg: z
    .enum(['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'])
    .default('RS256')
    .describe('how the client assertion is signed'),
  scopes: z
    .array(z.string().min(1))
    .min(1)
    .default(['okta.users.manage', 'okta.groups.manage', 'okta.schemas.read'])
    .describe('scopes to ask for; each must be granted to the app'),
});

/** How Okta is told who asks: exactly one of the two. */
const authSchema = z
  .strictObject({
    apiToken: secretSchema.optional().describe('API token (SSWS); a list of two while it is rotated'),
    oauth2: oauth2Schema.optional().describe('client credentials of an API Services app'),
  })
  .refine(({apiToken, oauth2}) => (apiToken === undefined) !== (oauth2 === undefined), {
    error: 'expected exactly one of apiToken and oauth2',
  });

export const configSchema = z.strictObject({
  orgUrl: z
    .url({protocol: /^https?$/})
    .refine((text) => !/-admin\.okta(preview|-emea)?\.com$/.test(URL.parse(text)?.hostname ?? ''), {
      error: 'expected the address that people sign in at, without -admin',
    })
    .refine((text) => isOrigin(URL.parse(text)), {
      error: 'expected an address without path, query and credentials',
    })
    .describe('the org: https://acme.okta.com, or its custom domain'),
  auth: authSchema.describe('one of `apiToken` and `oauth2`'),
  externalIdAttribute: attributeName
    .default('externalId')
    .describe('variable name of the custom user profile attribute that holds the externalId'),
  groupExternalIdAttribute: attributeName
    .optional()
    .describe('the same of the group profile; absent: groups are known by name alone'),
  activation: z
    .enum(['email', 'silent'])
    .default('email')
    .describe("what activation does: Okta's activation email, or none"),
  deactivation: z
    .enum(['deactivate', 'suspend'])
    .default('deactivate')
    .describe("what a leaver's account becomes; only an ACTIVE one can be suspended, others are deactivated"),
});

const isOrigin = (url: URL | null): boolean =>
  url !== null && url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password;

export type OktaConfig = z.output<typeof configSchema>;

export const manifest: Manifest<typeof configSchema> = {
  id: 'okta',
  summary: 'Okta: users, groups, and a cut-off that ends sessions, grants and tokens.',
  configSchema,
  capabilities: {users: true, groups: true, deactivate: true, delete: true},
  ownPaths: 'profile.',
  cutOff: {
    ends: ['the account', 'sessions', 'OAuth grants', 'refresh tokens'],
    leaves: [
      'sessions that apps opened by themselves, until each app ends them',
      'access tokens of custom authorization servers, until they expire: 24 hours at most',
    ],
  },
  links: [
    'https://developer.okta.com/docs/api/openapi/okta-management/management/tags/user',
    'https://developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp/main/',
    'https://developer.okta.com/docs/reference/rate-limits/',
    'https://developer.okta.com/docs/reference/error-codes/',
  ],
  tenantOf: ({orgUrl}) => orgUrl,
  // 600 writes of users a minute, of which one credential may use a half (rl-global-mgmt, rate-limits).
  defaultRate: () => ({requests: 300, perSeconds: 60}),
};
