import {z} from 'zod';
import {bytes, count, milliseconds} from './common.ts';

/** The settings that a target may override: their fields without defaults, and the defaults beside them. */
const windowFields = {
  maxChanges: count.describe('Most changes read and not settled.'),
  maxBytes: bytes.describe('Most memory that they take: their bytes, and about 700 more for each.'),
  maxAhead: count.describe('Most cut-offs taken ahead of their turn while the window is full.'),
};
const retryFields = {
  maxAgeHours: z
    .number()
    .positive()
    .describe('A change that fails for longer than this becomes a dead letter.'),
  baseDelayMs: milliseconds.describe(
    'Delay after the first failure; it doubles with each, with full jitter.',
  ),
  maxDelayMs: milliseconds.describe('Longest delay between two attempts.'),
};
const gateFields = {
  failures: count.describe('So many failures of one cause with no success between shut the gate.'),
  probeBaseDelayMs: milliseconds.describe(
    'Delay before the first probe of a shut gate; it doubles with each.',
  ),
  probeMaxDelayMs: milliseconds.describe('Longest delay between two probes.'),
  maxParked: count.describe('So many parked changes shut the gate: the backlog then stays in Kafka.'),
};
const requestFields = {
  deadlineMs: milliseconds.describe('How long one request may take, with its answer.'),
  maxAnswerBytes: bytes.describe('Largest answer that is read.'),
};

/** Reading ahead of the work, a target. */
export const windowSchema = z.strictObject({
  maxChanges: windowFields.maxChanges.default(100_000),
  maxBytes: windowFields.maxBytes.prefault('64MiB'),
  maxAhead: windowFields.maxAhead.default(10_000),
});

/** What the judge goes by. */
export const retrySchema = z.strictObject({
  maxAgeHours: retryFields.maxAgeHours.default(72),
  baseDelayMs: retryFields.baseDelayMs.default(1_000),
  maxDelayMs: retryFields.maxDelayMs.default(3_600_000),
});

/** When a target is left alone, and how it is asked again. */
export const gateSchema = z.strictObject({
  failures: gateFields.failures.default(20),
  probeBaseDelayMs: gateFields.probeBaseDelayMs.default(1_000),
  probeMaxDelayMs: gateFields.probeMaxDelayMs.default(60_000),
  maxParked: gateFields.maxParked.default(10_000),
});

/** Bounds of one request to a target. */
export const requestSchema = z.strictObject({
  deadlineMs: requestFields.deadlineMs.default(10_000),
  maxAnswerBytes: requestFields.maxAnswerBytes.prefault('4MiB'),
});

/** The same settings in a target: what is given there stands over the top-level ones. */
export const overrides = {
  window: z.strictObject(windowFields).partial(),
  retry: z.strictObject(retryFields).partial(),
  gate: z.strictObject(gateFields).partial(),
  request: z.strictObject(requestFields).partial(),
};
