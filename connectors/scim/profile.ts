import {z} from 'zod';
import atlassian from './profiles/atlassian.json' with {type: 'json'};
import canva from './profiles/canva.json' with {type: 'json'};
import datadog from './profiles/datadog.json' with {type: 'json'};
import deel from './profiles/deel.json' with {type: 'json'};
import generic from './profiles/generic.json' with {type: 'json'};
import gitlab from './profiles/gitlab.json' with {type: 'json'};
import googleCloudIdentity from './profiles/google-cloud-identity.json' with {type: 'json'};
import pagerduty from './profiles/pagerduty.json' with {type: 'json'};
import put from './profiles/put.json' with {type: 'json'};
import salesforce from './profiles/salesforce.json' with {type: 'json'};
import sentry from './profiles/sentry.json' with {type: 'json'};
import slack from './profiles/slack.json' with {type: 'json'};
import zoom from './profiles/zoom.json' with {type: 'json'};
import zscaler from './profiles/zscaler.json' with {type: 'json'};

const shape = z.strictObject({
  about: z.string().optional().describe('what is special about the service, in a sentence'),
  sources: z.array(z.url()).default([]).describe('where the service says so'),
  update: z
    .enum(['auto', 'put', 'patch'])
    .default('auto')
    .describe('auto asks the ServiceProviderConfig once, and takes PATCH where that says nothing'),
  usersPath: z.string().startsWith('/').default('/Users').describe('where users are, after baseUrl'),
  groupsPath: z.string().startsWith('/').default('/Groups').describe('where groups are, after baseUrl'),
  contentType: z
    .enum(['application/scim+json', 'application/json'])
    .default('application/scim+json')
    .describe('of what is sent'),
  accept: z
    .string()
    .default('application/scim+json, application/json;q=0.9')
    .describe('the Accept header of every request'),
  pageSize: z.int().min(1).max(1000).default(100).describe('resources asked for in one page of a list'),
  maxPages: z.int().min(1).default(2000).describe('a list that does not end by then is a failure'),
  paging: z
    .enum(['auto', 'index', 'cursor', 'none'])
    .default('auto')
    .describe(
      'auto begins with startIndex and follows a nextCursor when one is answered (RFC 9865); none: one answer is the list',
    ),
  operations: z
    .enum(['lower', 'capitalized'])
    .default('lower')
    .describe('how a PATCH writes its operations: replace, or Replace'),
  booleans: z.enum(['json', 'text']).default('json').describe('how a PATCH writes them: false, or "false"'),
  attributes: z
    .array(z.string())
    .optional()
    .describe('the only attribute paths that are sent, beside `active`; absent: all that the mapping makes'),
  drop: z
    .array(z.string())
    .default([])
    .describe('attribute paths that are never sent (`active` only where deactivation is delete-only)'),
  updatable: z
    .array(z.string())
    .optional()
    .describe('beside `active`, the only attribute paths that an update of a user may change; absent: all'),
  externalIdIsId: z
    .boolean()
    .default(false)
    .describe('whether the service takes the externalId for its own id: a look-up is a read then'),
  rename: z.record(z.string(), z.string()).default({}).describe('attribute path: its name at this service'),
  manager: z
    .enum(['object', 'string'])
    .default('object')
    .describe('form of the enterprise manager: {value: id}, or the id alone'),
  deactivation: z
    .enum(['suspends', 'ends-account', 'delete-only'])
    .default('suspends')
    .describe(
      'what active=false does: suspend, end the account for good, or nothing (then DELETE deactivates)',
    ),
  deleteUsers: z
    .boolean()
    .default(true)
    .describe(
      'whether users can be deleted; where not, leavers are deactivated, and an `onLeave` that says otherwise is refused',
    ),
  groups: z
    .boolean()
    .default(true)
    .describe('whether it has groups; where not, what is said of them is skipped'),
  membersPerRequest: z.int().min(1).default(100).describe('most members added and removed by one PATCH'),
  memberAdd: z
    .enum(['list', 'nested'])
    .default('list')
    .describe('list: value is the members; nested: it is an object with the members in it'),
  memberRemove: z
    .enum(['filter', 'value-array', 'nested'])
    .default('filter')
    .describe(
      'filter: members[value eq "x"], an operation each; value-array: one with the list in value; nested: as memberAdd',
    ),
  rate: z
    .strictObject({
      requests: z.int().min(1).describe('so many requests'),
      perSeconds: z.number().positive().describe('in so many seconds'),
    })
    .optional()
    .describe('the budget where the target has none in its config'),
});

/** How one SCIM service differs from RFC 7643 and 7644, as data. `{}` is a service that follows them. */
export const profileSchema = shape.refine(
  ({deactivation, deleteUsers}) => deactivation !== 'delete-only' || deleteUsers,
  {
    error: 'expected deleteUsers to be true where deactivation is delete-only: nobody could be cut off',
    path: ['deleteUsers'],
  },
);

export type Profile = z.output<typeof profileSchema>;

/** Whether an account can be found by the externalId that was sent when it was made. */
export const sendsExternalId = ({attributes, drop}: Profile): boolean =>
  (attributes?.includes('externalId') ?? true) && !drop.includes('externalId');

const builtIn = {
  generic,
  put,
  atlassian,
  canva,
  datadog,
  deel,
  gitlab,
  'google-cloud-identity': googleCloudIdentity,
  pagerduty,
  salesforce,
  sentry,
  slack,
  zoom,
  zscaler,
};

export const profileNames = [
  'generic',
  'put',
  'atlassian',
  'canva',
  'datadog',
  'deel',
  'gitlab',
  'google-cloud-identity',
  'pagerduty',
  'salesforce',
  'sentry',
  'slack',
  'zoom',
  'zscaler',
] as const;

const read = new Map<unknown, Profile>();

/** The profile that a target's config names, or describes in place. */
export function profileOf(choice: (typeof profileNames)[number] | Profile): Profile {
  if (typeof choice !== 'string') return choice;
  const known = read.get(choice) ?? profileSchema.parse(builtIn[choice]);
  read.set(choice, known);
  return known;
}
