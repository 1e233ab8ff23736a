import {z} from 'zod';
import {instant} from './common.ts';
import {laneEntrySchema} from './parked.ts';

/** One subject's lane at one target. */
export const laneSchema = z.object({
  target: z.string(),
  subject: z.string(),
  failingSince: instant,
  dueAt: instant.describe('When it is tried again.'),
  length: z.int(),
  head: laneEntrySchema,
});
export type LaneView = z.output<typeof laneSchema>;

/** A leave that the guard holds, or what a cut-off by hand bars. */
export const holdSchema = z.object({
  target: z.string(),
  subject: z.string(),
  heldAt: instant,
  by: z.enum(['guard', 'cut-off by hand']),
  entry: laneEntrySchema,
});
export type HoldView = z.output<typeof holdSchema>;
