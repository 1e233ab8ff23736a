import {expect, test} from '@jest/globals';
import type {LetterGroup} from '../../../stages/dead-letters/index.ts';
import {groupPage} from './group-page.ts';

const group = (id: string, target: string, count: number, isCutOff = false): LetterGroup => ({
  ...{id, target, count, isCutOff, kind: 'rejected', cause: '400', message: 'refused'},
  ...{firstAt: 1, lastAt: 2, trend: [], example: 'events/0/1', advice: 'Mend it.'},
});
const groups = [
  ...[group('a', 'wiki', 5), group('a', 'desk', 5), group('b', 'desk', 5), group('c', 'desk', 900)],
  ...[group('d', 'wiki', 1, true), group('e', 'wiki', 7), group('f', 'wiki', 2, true)],
];

function pageOf(of: readonly LetterGroup[], limit: number, cursor?: string) {
  const page = groupPage(of, {limit, cursor});
  if (!page.ok) throw new Error(page.refusal.detail);
  return page.value;
}
const names = (found: readonly LetterGroup[]) => found.map(({target, id}) => `${target}/${id}`);
const order = ['wiki/f', 'wiki/d', 'desk/c', 'wiki/e', 'desk/a', 'desk/b', 'wiki/a'];

test('each group stands on one page, leavers’ first, then the largest', () => {
  for (const limit of [1, 2, 3, 7, 8]) {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = pageOf(groups, limit, cursor);
      expect(page.items.length).toBeLessThanOrEqual(limit);
      seen.push(...names(page.items));
      cursor = page.next;
    } while (cursor !== undefined);
    expect(seen).toEqual(order);
  }
});

test('what comes or goes between two pages shifts nothing', () => {
  const {next = ''} = pageOf(groups, 3);
  const without = groups.filter(({id}) => id !== 'c' && id !== 'f');
  expect(names(pageOf([...without, group('z', 'wiki', 9999)], 9, next).items)).toEqual(order.slice(3));
});

test.each(['x', '', 'bnVsbA', Buffer.from('[true,"1","wiki","a"]').toString('base64url')])(
  'the cursor %j is none that a page has given',
  (cursor) => {
    expect(groupPage(groups, {limit: 9, cursor})).toMatchObject({
      ok: false,
      refusal: {kind: 'bad-request', errors: [{at: 'querystring.cursor'}]},
    });
  },
);
