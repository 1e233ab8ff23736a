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

/** What is there now, when a preview has shown just that. */
export function asSeen<Item>(found: Item[], {token, tokenOf, what}: Seen<Item>): Answer<Item[]> {
  const count = found.length;
  const stale = (detail: string) =>
    refused({kind: 'stale-preview', detail: `${detail} Nothing was done.`, count});
  if (count > mostAtOnce) return stale(`There are more than ${mostAtOnce} ${what}: narrow the filter.`);
  if (tokenOf(found) === token) return {ok: true, value: found};
  return stale(`The ${what} are not those that the preview has shown: there are ${count} by now.`);
}
