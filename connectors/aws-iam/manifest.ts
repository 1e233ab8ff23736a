import {z} from 'zod';
import type {Manifest} from '../../src/core/connector.ts';

export const assumeRoleSchema = z.strictObject({
  roleArn: z
    .string()
    .regex(/^arn:[\w-]+:iam::\d{12}:role\/.+$/, {error: 'expected the ARN of a role'})
    .describe('the role to assume'),
  externalId: z.string().min(2).optional().describe("`sts:ExternalId` that the role's trust policy asks for"),
  sessionName: z
    .string()
    .regex(/^[\w+=,.@-]{2,64}$/)
    .default('avro-scim')
    .describe('how CloudTrail names the session'),
});

export const configSchema = z.strictObject({
  region: z
    .string()
    .min(1)
    .default('us-east-1')
    .describe('region that requests are signed for; of China cn-north-1, of GovCloud us-gov-west-1'),
  endpoint: z
    .url({protocol: /^https?$/})
    .optional()
    .describe("absent: the partition's own, https://iam.amazonaws.com"),
  assumeRole: assumeRoleSchema
    .optional()
    .describe('absent: the credential that the default chain finds is used as it is'),
  path: z
    .string()
    .regex(/^\/([!-~]+\/)?$/, {error: 'expected / or a path between slashes'})
    .default('/')
    .describe('path of the users and groups that are made; on others nobody is looked for, nor listed'),
  tags: z
    .record(z.string().min(1).max(128), z.string().min(1))
    .default({displayName: 'displayName'})
    .describe('tag of a user: the attribute path whose text it holds'),
});

export type IamConfig = z.output<typeof configSchema>;

/** How an account's IAM is reached, and as whom. */
export type AwsAccess = Pick<IamConfig, 'region' | 'endpoint' | 'assumeRole'>;

export const manifest: Manifest<typeof configSchema> = {
  id: 'aws-iam',
  summary: 'Classic AWS IAM: users and groups of one account, and a cut-off of policies, keys and passwords.',
  configSchema,
  capabilities: {users: true, groups: true, deactivate: true, delete: true},
  cutOff: {
    ends: [
      'every permission, by a deny policy',
      'access keys',
      'console password',
      'service credentials, certificates and SSH keys',
    ],
    leaves: ['sessions of roles that were assumed before, for 12 hours at most'],
  },
  links: [
    'https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_users_remove.html',
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html',
  ],
  // Without a role the account is the credential's, which only AWS tells.
  tenantOf: ({assumeRole}) => assumeRole && `AWS account ${assumeRole.roleArn.split(':')[4]}`,
  // AWS publishes none for IAM.
  defaultRate: () => ({requests: 20, perSeconds: 1}),
};
