import {z} from 'zod';
import {failureKinds} from '../../../core/failure.ts';
import {instant} from './common.ts';

const exchange = z
  .object({
    method: z.string(),
    url: z.string(),
    requestBody: z.unknown().optional(),
    answerBody: z.unknown().optional(),
  })
  .describe('The last request and its answer. Masked: the names in JSON bodies, without values.');

/** Why something did not succeed. */
export const failureSchema = z.object({
  kind: z.enum(failureKinds),
  cause: z.string(),
  message: z.string(),
  status: z.int().optional(),
  exchange: exchange.optional(),
});

const position = z
  .object({source: z.number(), offset: z.number(), occurredAt: instant})
  .describe('Where in its subject’s history the event stands.');

const record = z
  .object({
    topic: z.string(),
    partition: z.int(),
    offset: z.number(),
    timestamp: instant,
    key: z.string().nullable(),
    value: z.string().nullable().describe('Base64; masked: how many bytes.'),
    headers: z.record(z.string(), z.string()),
  })
  .describe('The record as it was published.');

const mark = z.object({by: z.string(), at: instant, reason: z.string().optional()});

/** Who has cut somebody off by hand, when and why. */
export const markSchema = mark.describe('It is cut off by hand.');

const parked = {
  id: z.string(),
  saysMembers: z.boolean(),
  attempts: z.int(),
  firstAt: instant,
  position,
  record: record.optional(),
  hand: markSchema.optional(),
};

/** One parked change of a lane, or what is held. */
export const laneEntrySchema = z.object({
  ...parked,
  kind: z.enum(['snapshot', 'cutOff', 'delta', 'sync']),
  approved: z.boolean().optional(),
  force: z.boolean().optional(),
  isBarred: z.boolean().optional().describe('It waits until the cut-off by hand is lifted.'),
  failure: failureSchema.optional(),
});
export type LaneEntryView = z.output<typeof laneEntrySchema>;

/** A dead letter. */
export const letterSchema = z.object({
  target: z.string(),
  ...parked,
  kind: z.enum(['snapshot', 'cutOff', 'delta', 'sync', 'undecodable', 'member', 'reference']),
  subject: z.string().optional(),
  at: instant.describe('When it became a dead letter.'),
  group: z.string().optional().describe('The group of its cause.'),
  failure: failureSchema,
  member: z.object({subject: z.string(), add: z.boolean()}).optional(),
  managerId: z.string().optional(),
});
export type LetterView = z.output<typeof letterSchema>;
