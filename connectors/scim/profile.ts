import {z} from 'zod';
import atlassian from './profiles/atlassian.json' with {type: 'json'};
import generic from './profiles/generic.json' with {type: 'json'};
import pagerduty from './profiles/pagerduty.json' with {type: 'json'};
import put from './profiles/put.json' with {type: 'json'};
import slack from './profiles/slack.json' with {type: 'json'};
import zscaler from './profiles/zscaler.json' with {type: 'json'};

/** How one SCIM service differs from RFC 7643 and 7644, as data. `{}` is a service that follows them. */
export const profileSchema = z.strictObject({
  update: z
    .enum(['auto', 'put', 'patch'])
    .default('auto')
    .describe('auto asks the ServiceProviderConfig once, and takes PATCH where that says nothing'),
  usersPath: z.string().startsWith('/').default('/Users').describe('where users are, after baseUrl'),
  groupsPath: z.string().startsWith('/').default('/Groups').describe('where groups are, after baseUrl'),
  contentType: z
    .enum(['application/scim+json', 'application/json'])
    .default('application/scim+json')
    .describe('of requests and answers'),
  pageSize: z.int().min(1).max(1000).default(100).describe('resources asked for in one page of a list'),
  maxPages: z.int().min(1).default(2000).describe('a list that does not end by then is a failure'),
  paging: z
    .enum(['auto', 'index', 'cursor'])
    .default('auto')
    .describe('auto begins with startIndex and follows a nextCursor when one is answered (RFC 9865)'),
  attributes: z
    .array(z.string())
    .optional()
    .describe('the only attribute paths that are sent, beside `active`; absent: all that the mapping makes'),
  drop: z
    .array(z.string())
    .default([])
    .describe('attribute paths that are never sent (`active` only where deactivation is delete-only)'),
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
  membersPerRequest: z.int().min(1).default(100).describe('most members added and removed by one PATCH'),
  memberRemove: z
    .enum(['filter', 'value-array'])
    .default('filter')
    .describe('filter: members[value eq "x"], an operation each; value-array: one with the list in value'),
  rate: z
    .strictObject({
      requests: z.int().min(1).describe('so many requests'),
      perSeconds: z.number().positive().describe('in so many seconds'),
    })
    .optional()
    .describe('the budget where the target has none in its config'),
});

export type Profile = z.output<typeof profileSchema>;

const builtIn = {generic, put, atlassian, pagerduty, slack, zscaler};
export const profileNames = ['generic', 'put', 'atlassian', 'pagerduty', 'slack', 'zscaler'] as const;

const read = new Map<unknown, Profile>();

/** The profile that a target's config names, or describes in place. */
export function profileOf(choice: (typeof profileNames)[number] | Profile): Profile {
  if (typeof choice !== 'string') return choice;
  const known = read.get(choice) ?? profileSchema.parse(builtIn[choice]);
  read.set(choice, known);
  return known;
}
