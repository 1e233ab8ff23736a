import {z} from 'zod';
import {idText, moment, reasonText} from './common.ts';

/** Which dead letters; what is absent leaves none out. */
export const letterFilterSchema = z.strictObject({
  target: idText.optional(),
  cause: z.string().min(1).max(1000).optional(),
  subject: idText.optional(),
  since: moment.optional().describe('Those that died at or after this time.'),
  until: moment.optional().describe('Those that died at or before this time.'),
});
export type LetterFilter = z.output<typeof letterFilterSchema>;

/** A letter's id is unique at its target alone. */
export const letterNameSchema = z.strictObject({target: idText, id: idText});
export type LetterName = z.output<typeof letterNameSchema>;

/** So many are acted on in one request at most. */
export const mostAtOnce = 1000;

const token = z
  .string()
  .min(1)
  .max(100)
  .describe(
    'Of the preview: says what was seen. When there are others by now, nothing is done, and 409 says how many.',
  );

const previewToken = z
  .string()
  .optional()
  .describe(`For an action on what was seen; absent where there are more than ${mostAtOnce}.`);

/** Which letters an action is about: named one by one, or by a filter with the token of its preview. */
export const chosenLettersSchema = z.union([
  z.strictObject({letters: z.array(letterNameSchema).min(1).max(mostAtOnce), reason: reasonText}),
  z.strictObject({filter: letterFilterSchema, token, reason: reasonText}),
]);
export type ChosenLetters = z.output<typeof chosenLettersSchema>;

/** How many letters a filter is about, by cause. */
export const letterPreviewSchema = z.object({
  count: z.int(),
  hasMore: z
    .boolean()
    .describe(`There are more than ${mostAtOnce}: an action with this token is of the first ${mostAtOnce}.`),
  token: previewToken,
  causes: z.array(z.object({cause: z.string(), count: z.int()})),
});
export type LetterPreview = z.output<typeof letterPreviewSchema>;

/** Which holds; what is absent leaves none out. */
export const holdFilterSchema = z.strictObject({
  target: idText.optional(),
  since: moment.optional().describe('Those held at or after this time.'),
  until: moment.optional().describe('Those held at or before this time.'),
});
export type HoldFilter = z.output<typeof holdFilterSchema>;

/** How many holds a filter is about. */
export const holdPreviewSchema = z.object({
  count: z.int().describe(`At most ${mostAtOnce}.`),
  hasMore: z
    .boolean()
    .describe(`There are more than ${mostAtOnce}: an action with this token is of the first ${mostAtOnce}.`),
  token: previewToken,
});
export type HoldPreview = z.output<typeof holdPreviewSchema>;

const holdName = z.strictObject({target: idText, subject: idText});

/** Which holds an action is about. */
export const chosenHoldsSchema = z.union([
  z.strictObject({holds: z.array(holdName).min(1).max(mostAtOnce), reason: reasonText}),
  z.strictObject({filter: holdFilterSchema, token, reason: reasonText}),
]);
export type ChosenHolds = z.output<typeof chosenHoldsSchema>;

/** What became of each. */
export const donesSchema = z.object({
  results: z.array(
    z.object({
      target: z.string(),
      id: z.string().optional(),
      subject: z.string().optional(),
      result: z.string(),
      reason: z.string().optional(),
    }),
  ),
});
export type Done = z.output<typeof donesSchema>['results'][number];
