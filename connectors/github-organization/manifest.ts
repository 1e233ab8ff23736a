import {z} from 'zod';
import type {Manifest} from '../../src/core/connector.ts';
import {apiUrlSchema, authSchema, slugSchema} from '../github/config.ts';

export const configSchema = z.strictObject({
  organization: slugSchema.describe('the organization, as in its address'),
  auth: authSchema.describe('`token`, `app`, or both'),
  apiUrl: apiUrlSchema,
  teamPrivacy: z
    .enum(['closed', 'secret'])
    .default('closed')
    .describe(
      'of teams that are made: seen by every member of the organization, or by their own members alone',
    ),
});

export type OrganizationConfig = z.output<typeof configSchema>;

export const manifest: Manifest<typeof configSchema> = {
  id: 'github-organization',
  summary:
    'A GitHub organization with SAML: membership by SCIM, teams, and a cut-off that ends credentials too.',
  configSchema,
  capabilities: {users: true, groups: true, deactivate: true, delete: true},
  cutOff: {
    ends: [
      'membership and invitations',
      'access as an outside collaborator',
      'credentials that single sign-on has authorized',
      'fine-grained personal access tokens (with an App)',
    ],
    leaves: [
      'deploy keys that the person added to repositories',
      'invitations to single repositories, for seven days at most',
      'membership by a team of the enterprise',
      'clones on other machines',
    ],
  },
  links: [
    'https://docs.github.com/en/enterprise-cloud@latest/rest/scim/scim',
    'https://docs.github.com/en/enterprise-cloud@latest/rest/teams/members',
    'https://docs.github.com/en/enterprise-cloud@latest/rest/orgs/orgs',
    'https://docs.github.com/en/enterprise-cloud@latest/rest/orgs/personal-access-tokens',
    'https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api',
  ],
  tenantOf: ({apiUrl, organization}) => new URL(`orgs/${organization.toLowerCase()}`, apiUrl).href,
  // GitHub keeps no identity of who is no member.
  endsAccounts: () => true,
  // Of the 5,000 an hour that a token has; nearly a second between two, under the 80 a minute for content.
  defaultRate: () => ({requests: 4500, perSeconds: 3600}),
};
