import {hash} from 'node:crypto';
import {refused, type Answer} from '../../../admin/api/problem.ts';
import {mostAtOnce} from '../../../admin/api/schema/letters.ts';

/** Says what a preview has shown, by what tells each thing from any other, in their order. */
export const tokenOfAll = (names: readonly (readonly (string | number)[])[]): string =>
  hash('sha256', JSON.stringify(names), 'base64url');

interface Seen<Item> {
  /** Of the preview. */
  token: string;
  tokenOf: (found: readonly Item[]) => string;
  /** In words: `holds`. */
  what: string;
}

/** What one action is of: the first that a filter is about, in their order. What comes meanwhile stands behind them. */
export const firstOf = <Item>(found: readonly Item[]): Item[] => found.slice(0, mostAtOnce);

/** What is there now, when a preview has shown just that. */
export function asSeen<Item>(found: readonly Item[], {token, tokenOf, what}: Seen<Item>): Answer<Item[]> {
  const chosen = firstOf(found);
  if (tokenOf(chosen) === token) return {ok: true, value: chosen};
  const {length: count} = found;
  const howMany = count > mostAtOnce ? `more than ${mostAtOnce}` : String(count);
  const detail = `The ${what} are not those that the preview has shown: there are ${howMany} by now. Nothing was done.`;
  return refused({kind: 'stale-preview', detail, count});
}
