import {z} from 'zod';
import {instant} from './common.ts';

const gate = z.object({
  state: z.enum(['open', 'waiting', 'shut']),
  cause: z.string().optional(),
  detail: z.string().optional(),
  since: instant.optional().describe('Since when it is shut.'),
  until: instant.optional().describe('Until when it waits at least, or when it is probed.'),
});

const counts = z
  .object({
    parked: z.int(),
    lanes: z.int(),
    oldestParkedAt: instant.optional().describe('Since when the longest failing lane fails.'),
    openCutOffs: z.int().describe('Cut-offs that have begun and are not verified.'),
    oldestCutOffAt: instant.optional(),
    held: z.int(),
    deadLetters: z.int(),
    causes: z.record(z.string(), z.int()).describe('Dead letters by cause.'),
  })
  .describe('What Redis knows of it: the same from every replica. Absent while Redis does not answer.');

/** One target. */
export const targetSchema = z.object({
  name: z.string(),
  connector: z.string(),
  serving: z
    .object({
      gate,
      window: z.int().describe('Changes read and not settled.'),
      lag: z
        .array(z.object({topic: z.string(), partition: z.int(), lag: z.number()}))
        .describe('Records behind the end, of the partitions that are this replica’s.'),
      waitsFor: z.array(z.string()).describe('What reading waits for, in words.'),
    })
    .optional()
    .describe(
      'What this process does for it; absent where it was started for other targets, or is only starting.',
    ),
  paused: z
    .object({by: z.string(), at: instant, reason: z.string().optional()})
    .optional()
    .describe('A person has paused it: nothing leaves for it, cut-offs neither.'),
  counts: counts.optional(),
});
export type TargetView = z.output<typeof targetSchema>;

/** All targets, and the services that the program needs. */
export const targetsSchema = z.object({
  targets: z.array(targetSchema),
  dependencies: z
    .record(z.string(), z.object({up: z.boolean(), detail: z.string().optional()}))
    .describe('Redis, Kafka and the registry.'),
});
export type TargetsView = z.output<typeof targetsSchema>;
