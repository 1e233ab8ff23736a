import {z} from 'zod';
import {instant} from './common.ts';
import {failureSchema, laneEntrySchema, letterSchema, markSchema} from './parked.ts';

const state = z.object({
  kind: z.enum(['user', 'group']),
  remoteId: z.string().optional(),
  active: z.boolean().describe('It has an account that is active.'),
  absent: z.boolean().describe('The target is known to have no account.'),
  unwanted: z.boolean().describe('The last word was that no account is wanted.'),
  inDoubt: z.boolean().describe('A request’s end is not known.'),
  isProtected: z.boolean(),
  position: z.object({source: z.number(), offset: z.number(), occurredAt: instant}),
  groups: z.array(z.string()),
});

const receipt = z.object({
  remoteId: z.string(),
  steps: z.array(z.object({name: z.string(), verifiedAt: instant, remains: z.string().optional()})),
  complete: z.boolean(),
});

const handEnd = z
  .object({
    at: instant,
    complete: z.boolean(),
    receipt: receipt.optional(),
    failure: failureSchema.pick({cause: true, message: true}).extend({kind: z.string()}).optional(),
    isUnseen: z
      .boolean()
      .optional()
      .describe('No account is known, and none could be looked for: there may be one all the same.'),
    reason: z.string().optional(),
  })
  .describe('How the last attempt at its cut-off by hand ended.');

/** What is known of a subject at one target. */
export const subjectAtSchema = z.object({
  target: z.string(),
  state: state.optional().describe('Absent when nothing was decided for it here yet.'),
  waitsForGroups: z.array(z.string()),
  waitsForManager: z.string().optional(),
  isLeased: z.boolean().describe('It is being worked on now.'),
  cutOffBegunAt: instant.optional().describe('Its cut-off has begun and is not verified.'),
  held: laneEntrySchema.optional(),
  lane: z.array(laneEntrySchema),
  laneDueAt: instant.optional().describe('When the lane is tried again.'),
  letters: z.array(letterSchema),
  mark: markSchema.optional(),
  erasedAt: instant
    .optional()
    .describe('What was kept of the person was erased then, and nothing newer has come.'),
  cutOffEnd: handEnd.optional(),
});
export type SubjectAtView = z.output<typeof subjectAtSchema>;

/** What is known of a subject, target by target. */
export const subjectSchema = z.object({subject: z.string(), targets: z.array(subjectAtSchema)});
export type SubjectView = z.output<typeof subjectSchema>;
