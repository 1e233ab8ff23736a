import {z} from 'zod';
import {count, filled} from './common.ts';
import {overrides} from './policies.ts';

const onlyOnCreate = z
  .boolean()
  .optional()
  .describe('Written when the account is made, and then left to the target.');

const attribute = z.union([
  z.strictObject({
    from: filled.describe(
      'Take the value of this attribute of the event’s user: a path of the default mapping, or `attributes.<name>`.',
    ),
    onlyOnCreate,
  }),
  z.strictObject({value: z.json().describe('Always this value.'), onlyOnCreate}),
  z.strictObject({
    expression: filled.describe(
      'JSONata over the event’s user; what it gives is checked against SCIM’s type.',
    ),
    onlyOnCreate,
  }),
  z.strictObject({omit: z.literal(true).describe('Leave the attribute alone at this target.')}),
]);

const onLeave = z.union([
  z.enum(['deactivate', 'delete']),
  z.strictObject({
    deleteAfterDays: z.number().positive().describe('Deactivated at once, and deleted so many days later.'),
  }),
]);

const guard = z.strictObject({
  maxLeavers: z.int().min(0).default(25).describe('So many leavers pass in the time span; 0 holds all.'),
  perMinutes: count.default(60).describe('The time span.'),
});

const scope = z.strictObject({
  users: filled
    .optional()
    .describe(
      'SCIM filter: which users are wanted here, by the event’s attributes and `attributes.<name>`. Absent: all.',
    ),
  groups: filled.optional().describe('SCIM filter: which groups are wanted here. Absent: all.'),
});

const groups = z.strictObject({
  create: z
    .boolean()
    .default(true)
    .describe('Whether groups that are not there are made; `false`: waited for, and none is deleted either.'),
  map: z
    .record(
      filled,
      z.union([
        z.strictObject({id: filled.describe('The group’s id at the target.')}),
        z.strictObject({name: filled.describe('The group’s name at the target.')}),
      ]),
    )
    .default({})
    .describe('Groups of the target’s own by the event’s group id: their members alone are kept.'),
  name: z
    .strictObject({expression: filled.describe('JSONata over the event’s group: its name at the target.')})
    .optional()
    .describe('What the other groups are called at the target. Absent: as in the event.')
    .meta({examples: [{expression: '"hr-" & displayName'}]}),
});

const rate = z.strictObject({
  requests: count.describe('So many requests …'),
  perSeconds: z.number().positive().default(1).describe('… in so many seconds, all replicas together.'),
});

/** Accounts that are never changed, at one target or at all. */
export const protectedSchema = z.strictObject({
  names: z
    .array(filled)
    .default([])
    .describe('Subject ids, user names and account ids.')
    .meta({examples: [['break-glass', 'admin@example.com']]}),
  filter: filled
    .optional()
    .describe(
      'SCIM filter over users: what an event says, and the account itself, which is read before each change.',
    )
    .meta({examples: ['userType eq "Service"']}),
  groups: z
    .array(filled)
    .default([])
    .describe('Groups by subject id: their members.')
    .meta({examples: [['emergency-access']]}),
});

/** The name of a target is part of a consumer group, of Redis keys and of metrics. */
export const targetName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/,
    'expected a name of letters, digits, dots, hyphens and underscores',
  );

/** One target: a tenant of a service, and how it is to be kept. */
export const targetSchema = z.strictObject({
  connector: filled
    .describe(
      'Which connector speaks to it: a name, or a path (from this file’s folder) or package of your own one.',
    )
    .meta({examples: ['scim']}),
  config: z
    .unknown()
    .optional()
    .describe('The connector’s own settings: see its README.')
    .meta({
      examples: [
        {
          baseUrl: 'https://wiki.example/scim/v2',
          auth: {bearer: '${file:/run/secrets/wiki}'},
          profile: 'generic',
        },
      ],
    }),
  movedFrom: filled
    .optional()
    .describe(
      'Where the same tenant was before, as the refusal to go on names it: what is known of its accounts is kept.',
    )
    .meta({examples: ['https://old.example/scim/v2']}),
  concurrency: count.default(16).describe('Most requests at a time, for as many subjects.'),
  rate: rate
    .optional()
    .describe('Rate budget. Absent: as fast as the target answers.')
    .meta({examples: [{requests: 10, perSeconds: 1}]}),
  scope: scope
    .prefault({})
    .describe('Who is wanted here. One who falls out is treated as a leaver, one who comes in as a joiner.')
    .meta({
      examples: [{users: 'active eq true and department eq "Engineering"', groups: 'displayName sw "wiki-"'}],
    }),
  attributes: z
    .record(filled, attribute)
    .default({})
    .describe('Mapping of users over the default one, by SCIM attribute path.')
    .meta({
      examples: [
        {
          nickName: {from: 'displayName'},
          userType: {value: 'Employee', onlyOnCreate: true},
          displayName: {expression: 'name.givenName & " " & $uppercase(name.familyName)'},
          photos: {omit: true},
        },
      ],
    }),
  groups: groups
    .prefault({})
    .describe('Which groups at the target are meant: see docs/mapping.md.')
    .meta({
      examples: [{create: false, map: {'7f3a': {id: '0c8e'}, '7f3b': {name: 'Wiki editors'}}}],
    }),
  onLeave: onLeave
    .default('deactivate')
    .describe(
      'What becomes of a leaver’s account: `deactivate`, `delete`, or `deleteAfterDays`, which does the one and later the other.',
    )
    .meta({examples: ['deactivate', 'delete', {deleteAfterDays: 30}]}),
  adopt: z
    .enum(['externalId', 'userName', 'never'])
    .default('externalId')
    .describe('Which existing accounts it may take over: found by this attribute.'),
  guard: guard.prefault({}).describe('More leavers than this in the time span are held for a person.'),
  protected: protectedSchema
    .prefault({})
    .describe('Beside the top-level `protected`: accounts that are never changed here.'),
  traceparent: z
    .boolean()
    .default(false)
    .describe(
      'Also tell the target which trace a request is part of (W3C `traceparent`), where traces are on.',
    ),
  coalesce: z
    .boolean()
    .default(true)
    .describe(
      'Let a newer snapshot take the place of an unsent older one, and catch up by latest positions.',
    ),
  window: overrides.window
    .prefault({})
    .describe('Stands over the top-level `window`.')
    .meta({examples: [{maxChanges: 10_000}]}),
  retry: overrides.retry
    .prefault({})
    .describe('Stands over the top-level `retry`.')
    .meta({examples: [{maxAgeHours: 24}]}),
  gate: overrides.gate
    .prefault({})
    .describe('Stands over the top-level `gate`.')
    .meta({examples: [{failures: 5}]}),
  request: overrides.request
    .prefault({})
    .describe('Stands over the top-level `request`.')
    .meta({examples: [{deadlineMs: 30_000}]}),
});
