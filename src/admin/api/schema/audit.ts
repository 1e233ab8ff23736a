import {z} from 'zod';
import {outcomes} from '../../../core/change.ts';
import {idText, instant, moment, page, pageOf} from './common.ts';

/** Which records; what is absent leaves none out. */
export const auditFilterSchema = z.strictObject({
  subject: idText.optional(),
  target: idText.optional(),
  since: moment.optional(),
  until: moment.optional(),
  outcome: z
    .enum([...outcomes, 'action'])
    .optional()
    .describe('`action`: what people did.'),
});
export type AuditFilter = z.output<typeof auditFilterSchema>;

const receipt = z.object({
  remoteId: z.string(),
  complete: z.boolean(),
  steps: z.array(z.object({name: z.string(), verifiedAt: instant, remains: z.string().optional()})),
});

/** One decision, or what a person did. */
export const auditRecordSchema = z.object({
  id: z.string(),
  at: instant,
  place: z.string().describe('Where it stands: the file and its line, or the partition and its offset.'),
  isWhole: z
    .boolean()
    .optional()
    .describe('Its hash is that of what it says; absent where it has none, from before there were chains.'),
  writer: z.string().optional().describe('The process that wrote it, by a random id.'),
  sequence: z.int().optional().describe('Which of the writer’s records it is, from 0.'),
  target: z.string().optional(),
  subject: z.string().optional(),
  outcome: z.string().optional(),
  action: z.string().optional().describe('Of what a person did.'),
  about: z.record(z.string(), z.string()).optional().describe('What it was done to.'),
  reason: z.string().optional(),
  did: z.string().optional(),
  remoteId: z.string().optional(),
  topic: z.string().optional(),
  partition: z.int().optional(),
  offset: z.number().optional(),
  occurredAt: instant.optional(),
  eventId: z.string().optional(),
  source: z.string().optional(),
  correlationId: z.string().optional(),
  eventReason: z.string().optional(),
  actor: z.object({id: z.string(), kind: z.string()}).optional(),
  attributes: z.array(z.string()).optional(),
  values: z
    .record(z.string(), z.string())
    .optional()
    .describe('By attribute: a keyed hash; or the value, masked unless it is asked for.'),
  hashKey: z
    .string()
    .optional()
    .describe('Names the key of those hashes; absent where the values are plain.'),
  members: z
    .object({
      added: z.array(z.string()),
      removed: z.array(z.string()),
      kept: z.array(z.string()).optional(),
    })
    .optional(),
  shortened: z
    .object({bytes: z.int(), hash: z.string(), fields: z.array(z.string())})
    .optional()
    .describe('It was too long: how long, the SHA-256 of it whole, and which fields are not whole.'),
  failure: z.object({kind: z.string(), cause: z.string(), message: z.string()}).optional(),
  receipt: receipt.optional(),
});
export type AuditView = z.output<typeof auditRecordSchema>;

/** A page of records. */
export const auditPageSchema = pageOf(auditRecordSchema).extend({
  readFrom: z
    .enum(['topic', 'file'])
    .describe(
      '`topic`: `audit.topic`, with what every replica has written; `file`: `audit.file` of the replica that answers, with what it has written alone.',
    ),
  stopped: z
    .string()
    .optional()
    .describe(
      'Why not all that is there was read: a request reads the newest 256 MiB or half a million messages.',
    ),
});
export type AuditPage = z.output<typeof auditPageSchema>;

/** The query of a search. */
export const auditQuery = auditFilterSchema.extend(page);
