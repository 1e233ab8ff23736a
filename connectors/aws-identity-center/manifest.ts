import {z} from 'zod';
import type {Manifest} from '../../src/core/connector.ts';
import {secretSchema} from '../../src/core/secret.ts';
// A deny policy is reached as an account's users are.
import {configSchema as accountSchema} from '../aws-iam/manifest.ts';

const denyPolicySchema = accountSchema.pick({region: true, endpoint: true, assumeRole: true}).extend({
  policyArn: z
    .string()
    .regex(/^arn:[\w-]+:iam::\d{12}:policy\/.+$/, {error: 'expected the ARN of a customer managed policy'})
    .describe('a customer managed policy for this alone, that the permission sets carry by its name'),
});

export const configSchema = z.strictObject({
  endpoint: z
    .url({protocol: /^https?$/})
    .refine((text) => isEndpoint(URL.parse(text)), {
      error: 'expected the SCIM endpoint of the console, which ends in /<tenant id>/scim/v2',
    })
    .describe(
      'the SCIM endpoint that the console shows: https://scim.eu-west-1.amazonaws.com/<tenant id>/scim/v2/',
    ),
  // AWS has two slots.
  token: secretSchema.describe('access token of automatic provisioning; a list of two while it is rotated'),
  tokenExpires: z.iso
    .date()
    .optional()
    .describe(
      'the day that the console shows for the token (the API does not tell): `check` warns 30 days ahead',
    ),
  portalSessionHours: z
    .number()
    .positive()
    .max(90 * 24)
    .optional()
    .describe(
      'the configured duration of access portal sessions, for the receipt; absent: it names the longest, 90 days',
    ),
  roleSessionHours: z
    .number()
    .min(1)
    .max(12)
    .optional()
    .describe(
      'the longest session duration of any permission set, for the receipt; absent: 12, the longest there is',
    ),
  denyPolicies: z
    .array(denyPolicySchema)
    .default([])
    .describe('policies, one an account, that deny leavers what their running role sessions still could do'),
});

const isEndpoint = (url: URL | null): boolean =>
  url !== null &&
  /^\/[^/]+\/scim\/v2\/?$/.test(url.pathname) &&
  !url.search &&
  !url.hash &&
  !url.username &&
  !url.password;

export type IdentityCenterConfig = z.output<typeof configSchema>;

export const manifest: Manifest<typeof configSchema> = {
  id: 'aws-identity-center',
  summary: 'AWS IAM Identity Center, by its SCIM endpoint: users, groups, and what running sessions keep.',
  configSchema,
  capabilities: {users: true, groups: true, deactivate: true, delete: true},
  cutOff: {
    ends: ['the account, for every new sign-in', 'memberships that this program gave'],
    leaves: [
      'role sessions, for the session duration of the permission set: 12 hours at most',
      'an access portal session, for its duration: 90 days at most',
    ],
  },
  links: [
    'https://docs.aws.amazon.com/singlesignon/latest/developerguide/what-is-scim.html',
    'https://docs.aws.amazon.com/singlesignon/latest/developerguide/limitations.html',
    'https://docs.aws.amazon.com/singlesignon/latest/userguide/provision-automatically.html',
    'https://docs.aws.amazon.com/singlesignon/latest/userguide/authconcept-revoke-access.html',
  ],
  tenantOf: ({endpoint}) => endpoint,
  // AWS publishes none. 20 a second are what its API for the same store takes, of all who ask: half of it.
  defaultRate: () => ({requests: 10, perSeconds: 1}),
};
