import {z} from 'zod';
import type {Manifest} from '../../src/core/connector.ts';
import {apiUrlSchema, authSchema, slugSchema} from '../github/config.ts';

const teamSchema = z.strictObject({
  group: z.string().min(1).describe('displayName of the group'),
  organization: slugSchema.describe('the organization that the team is in'),
  team: slugSchema.describe('the team, as in its address; it has to exist, without members put in by hand'),
});

export const configSchema = z.strictObject({
  enterprise: slugSchema.describe('the enterprise, as in its address'),
  auth: authSchema.describe('`token`, `app`, or both'),
  apiUrl: apiUrlSchema,
  credentials: z
    .enum(['destroy', 'revoke', 'keep'])
    .default('destroy')
    .describe(
      'what a cut-off does to tokens and SSH keys: destroys them, revokes what they were authorized for, or nothing (they ' +
        'work again when the person comes back)',
    ),
  organizations: z
    .array(slugSchema)
    .default([])
    .describe('organizations whose credential authorizations are read back after a cut-off'),
  teams: z.array(teamSchema).default([]).describe('teams that a group fills, by linking them'),
  sendRoles: z
    .boolean()
    .default(false)
    .describe("whether roles that are GitHub's own (user, enterprise_owner, …) are sent; others never are"),
});

export type EnterpriseConfig = z.output<typeof configSchema>;

export const manifest: Manifest<typeof configSchema> = {
  id: 'github-enterprise',
  summary:
    'A GitHub enterprise with managed users: users and groups by SCIM, teams, and a cut-off that destroys credentials.',
  configSchema,
  capabilities: {users: true, groups: true, deactivate: true, delete: true},
  cutOff: {
    ends: [
      'the account',
      'credential authorizations',
      'personal access tokens and SSH keys (unless credentials says otherwise)',
    ],
    leaves: ['deploy keys', 'clones on other machines'],
  },
  links: [
    'https://docs.github.com/en/enterprise-cloud@latest/rest/enterprise-admin/scim',
    'https://docs.github.com/en/enterprise-cloud@latest/rest/enterprise-admin/credential-authorizations',
    'https://docs.github.com/en/enterprise-cloud@latest/rest/teams/external-groups',
    'https://docs.github.com/en/enterprise-cloud@latest/admin/managing-iam/provisioning-user-accounts-with-scim/deprovisioning-and-reinstating-users',
  ],
  tenantOf: ({apiUrl, enterprise}) => new URL(`enterprises/${enterprise.toLowerCase()}`, apiUrl).href,
  // Of the 5,000 an hour that a token has. Of 1,000 new users an hour GitHub's own 429 tells: most requests are about others.
  defaultRate: () => ({requests: 4500, perSeconds: 3600}),
};
