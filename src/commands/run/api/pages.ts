import {refused, type Answer} from '../../../admin/api/problem.ts';
import type {Page, Paging} from '../../../admin/api/schema/common.ts';
import {readPlace} from '../../../stages/state/line.ts';
import type {Stored} from '../../stored/open.ts';
import type {StoreMap} from './stores.ts';

/** Reads a page of one target behind a cursor of the target's own; without one in the answer the target has no more. */
export type ReadPage<Item> = (
  stored: Stored,
  paging: Paging,
) => Promise<{items: Item[]; cursor?: string | undefined}>;

/** A cursor of the API: at which target, and where there. */
interface Where {
  target: string;
  inner?: string;
}

const write = ({target, inner}: Where): string =>
  Buffer.from(JSON.stringify(inner === undefined ? [target] : [target, inner])).toString('base64url');

function read(cursor: string): Where | undefined {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const [target, inner] = Array.isArray(parts) && parts.length <= 2 ? (parts as unknown[]) : [];
    if (typeof target !== 'string') return undefined;
    if (inner === undefined) return {target};
    return typeof inner === 'string' && readPlace(inner) ? {target, inner} : undefined;
  } catch {
    return undefined;
  }
}

/** The stores that a filter is about: one target's, or all. */
export function chosenStores(stores: StoreMap, target: string | undefined): Answer<Stored[]> {
  if (target === undefined) return {ok: true, value: [...stores.values()]};
  const found = stores.get(target);
  return found ? {ok: true, value: [found]} : refused(noTarget([...stores.keys()], target));
}

/** That there is no such target. */
export const noTarget = (names: readonly string[], target: string) =>
  ({
    kind: 'unknown',
    detail: `There is no target ${target}; the config has ${names.join(', ')}.`,
  }) as const;

/** A page of what all targets have, or one, target by target. A page may be short, or empty, and have a next one. */
export async function pageOver<Item>(
  stores: StoreMap,
  target: string | undefined,
  {cursor, limit}: Paging,
  readPage: ReadPage<Item>,
): Promise<Answer<Page<Item>>> {
  const chosen = chosenStores(stores, target);
  if (!chosen.ok) return chosen;
  const where = cursor === undefined ? undefined : read(cursor);
  const start = where ? chosen.value.findIndex((one) => one.target === where.target) : 0;
  if (start < 0 || (cursor !== undefined && !where)) return refused(badCursor);
  const items: Item[] = [];
  for (const [i, stored] of chosen.value.slice(start).entries()) {
    if (items.length === limit) return {ok: true, value: {items, next: write({target: stored.target})}};
    const page = await readPage(stored, {
      cursor: i === 0 ? where?.inner : undefined,
      limit: limit - items.length,
    });
    items.push(...page.items);
    if (page.cursor !== undefined)
      return {ok: true, value: {items, next: write({target: stored.target, inner: page.cursor})}};
  }
  return {ok: true, value: {items}};
}

/** That a cursor is none of the list's. */
export const badCursor = {
  kind: 'bad-request',
  detail: 'The cursor is none that this list has given.',
  errors: [{at: 'querystring.cursor', message: 'expected `next` of the page before, with the same filter'}],
} as const;

/** All that a filter is about, when they are at most so many; else one more than that. */
export async function collect<Item>(
  stores: readonly Stored[],
  most: number,
  readPage: ReadPage<Item>,
): Promise<Item[]> {
  const items: Item[] = [];
  for (const stored of stores) {
    let cursor: string | undefined;
    do {
      const page = await readPage(stored, {cursor, limit: most + 1 - items.length});
      items.push(...page.items);
      cursor = page.cursor;
      if (items.length > most) return items;
    } while (cursor !== undefined);
  }
  return items;
}
