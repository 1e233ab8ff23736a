import {z} from 'zod';

/** The id of a subject or a dead letter, or the name of a target. */
export const idText = z.string().min(1).max(1024);

/** A moment in a request: ISO 8601 with an offset; milliseconds since the epoch inside. */
export const moment = z.iso
  .datetime({offset: true, error: 'expected a time such as 2026-11-24T08:00:00Z'})
  .transform((text) => Date.parse(text))
  .pipe(z.number('expected a time such as 2026-11-24T08:00:00Z'));

/** A moment in an answer: ISO 8601, UTC. */
export const instant = z.string().meta({format: 'date-time'});

/** `true` or `false` in a query. */
export const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((text) => text === 'true');

/** Why a person does something, for the audit. */
export const reasonText = z.string().max(500).optional().describe('Why, for the audit.');

export const page = {
  cursor: z.string().min(1).max(8192).optional().describe('`next` of the page before, as it was given.'),
  limit: z.coerce.number().int().min(1).max(500).default(100).describe('At most so many.'),
};

/** A page of a list; `next` is the cursor of the page after it, absent on the last. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({items: z.array(item), next: z.string().optional()});

/** One page; `next` where there are more. */
export interface Page<Item> {
  items: Item[];
  next?: string;
}

/** Which page is asked for. */
export interface Paging {
  cursor?: string | undefined;
  limit: number;
}
