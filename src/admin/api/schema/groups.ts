import {z} from 'zod';
import {failureKinds} from '../../../core/failure.ts';
import {idText, instant, pageOf, reasonText} from './common.ts';

/** The dead letters of one target and one cause. */
export const groupSchema = z.object({
  target: z.string(),
  id: z.string(),
  kind: z.enum([...failureKinds, 'other']),
  cause: z.string(),
  status: z.int().optional(),
  message: z.string(),
  says: z.string().optional().describe('What the target says, without values.'),
  isCutOff: z.boolean().describe('Cut-offs: somebody who left still has access.'),
  count: z.int(),
  firstAt: instant.describe('When the oldest of its letters died.'),
  lastAt: instant.describe('When the newest of its letters died.'),
  trend: z
    .array(z.int())
    .describe('How many of its letters died in each of the last 24 hours, the latest last.'),
  example: z.string().describe('The newest letter’s id.'),
  advice: z.string().describe('What usually fixes it.'),
});
export type GroupView = z.output<typeof groupSchema>;

/** A page of groups: leavers’ first, then the largest. */
export const groupsSchema = pageOf(groupSchema).extend({
  causes: z.int().describe('How many groups there are on all pages.'),
  letters: z.int().describe('How many dead letters those have.'),
});
export type GroupsView = z.output<typeof groupsSchema>;

/** A group's name: its id is the same at every target. */
export const groupNameSchema = z.object({target: idText, group: z.string().min(1).max(100)});
export type GroupName = z.output<typeof groupNameSchema>;

/** What a retry of a group would be about, and do. */
export const groupPreviewSchema = z.object({
  group: groupSchema,
  count: z.int(),
  token: z.string().describe('Says what was seen: a retry of anything else is refused.'),
  looked: z.int().describe('How many of the oldest were looked at.'),
  would: z.array(z.object({does: z.string(), count: z.int()})).describe('How many of them would do what.'),
  sample: z.array(
    z.object({id: z.string(), subject: z.string(), does: z.string(), reason: z.string().optional()}),
  ),
});
export type GroupPreview = z.output<typeof groupPreviewSchema>;

/** Asks for a retry of what a preview has shown. */
export const groupRetrySchema = z.strictObject({token: z.string().min(1).max(4096), reason: reasonText});

/** How far the last retry of a group has come. */
export const groupProgressSchema = z.object({
  target: z.string(),
  group: z.string(),
  state: z.enum(['running', 'done', 'stopped']),
  startedAt: instant,
  endedAt: instant.optional(),
  by: z.string(),
  reason: z.string().optional(),
  total: z.int(),
  retried: z.int(),
  superseded: z.int(),
  gone: z.int(),
  refused: z.int(),
  items: z
    .array(
      z.object({
        id: z.string(),
        result: z.enum(['retried', 'superseded', 'gone', 'refused']),
        reason: z.string().optional(),
      }),
    )
    .describe('What became of each, 1,000 at most.'),
  after: z.string().describe('Gives the items after these.'),
});
export type GroupProgress = z.output<typeof groupProgressSchema>;
