import {z} from 'zod';
import type {Manifest} from '../../src/core/connector.ts';
import {secretSchema} from '../../src/core/secret.ts';
import {profileNames, profileOf, profileSchema, sendsExternalId} from './profile.ts';

const httpUrl = z.url({protocol: /^https?$/});

const oauth2Schema = z
  .strictObject({
    tokenUrl: httpUrl.describe('where the access token is fetched'),
    clientId: z.string().min(1).describe('client id'),
    clientSecret: secretSchema
      .optional()
      .describe('client secret, or else privateKey; a list of two while it is rotated'),
    clientSecretIn: z.enum(['header', 'body']).default('header').describe('RFC 6749 section 2.3.1'),
    privateKey: secretSchema
      .optional()
      .describe('PKCS #8 PEM, for private_key_jwt (RFC 7523); a list of two while it is rotated'),
    keyId: secretSchema.optional().describe('`kid` of the client assertion, or of both keys'),
    alg: z
      .enum(['RS256', 'RS384', 'PS256', 'ES256', 'ES384', 'EdDSA'])
      .default('RS256')
      .describe('how the client assertion is signed'),
    scope: z.string().optional().describe('scope to ask for'),
    audience: z.string().optional().describe('of the client assertion; absent: tokenUrl'),
  })
  .refine(({clientSecret, privateKey}) => (clientSecret === undefined) !== (privateKey === undefined), {
    error: 'expected one of clientSecret and privateKey',
  });

/** How the target is told who asks: exactly one of the three. */
export const authSchema = z
  .strictObject({
    bearer: secretSchema.optional().describe('bearer token (RFC 6750); a list of two while it is rotated'),
    basic: z
      .strictObject({
        username: z.string().min(1).describe('user name'),
        password: z
          .union([z.string(), z.array(z.string()).min(1).max(2)])
          .describe('password; a list of two while it is rotated'),
      })
      .optional()
      .describe('user name and password (RFC 7617)'),
    oauth2: oauth2Schema.optional().describe('client credentials (RFC 6749 section 4.4)'),
  })
  .refine((auth) => Object.values(auth).filter((value) => value !== undefined).length === 1, {
    error: 'expected exactly one of bearer, basic and oauth2',
  });

export const configSchema = z.strictObject({
  baseUrl: httpUrl
    .refine((url) => !URL.parse(url)?.username && !URL.parse(url)?.search, {
      error: 'expected an address without credentials and query',
    })
    .describe('up to where /Users begins: https://wiki.example/scim/v2'),
  auth: authSchema.describe('one of `bearer`, `basic` and `oauth2`'),
  profile: z
    .union([z.enum(profileNames), profileSchema])
    .default('generic')
    .describe('the name of a profile, or one written out'),
});

export type ScimConfig = z.output<typeof configSchema>;
export type ScimAuth = ScimConfig['auth'];

export const manifest: Manifest<typeof configSchema> = {
  id: 'scim',
  summary: 'Any SCIM 2.0 service (RFC 7643, RFC 7644); what is special about one is a profile.',
  configSchema,
  capabilities: {users: true, groups: true, deactivate: true, delete: true},
  cutOff: {
    ends: ['the account'],
    leaves: ['sessions and tokens, unless the service ends them with the account'],
  },
  links: [
    'https://www.rfc-editor.org/rfc/rfc7643',
    'https://www.rfc-editor.org/rfc/rfc7644',
    'https://www.rfc-editor.org/rfc/rfc9865',
  ],
  tenantOf: ({baseUrl}) => baseUrl,
  defaultRate: ({profile}) => profileOf(profile).rate,
  hasGroups: ({profile}) => profileOf(profile).groups,
  keepsExternalId: ({profile}) => sendsExternalId(profileOf(profile)),
  keepsUsers: ({profile}) => !profileOf(profile).deleteUsers,
  endsAccounts: ({profile}) => profileOf(profile).deactivation !== 'suspends',
};
