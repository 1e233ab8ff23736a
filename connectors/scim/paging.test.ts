import {describe, expect, test} from '@jest/globals';
import type {HttpRequest} from '../../src/core/connector.ts';
import type {TargetPort} from '../../src/core/port.ts';
import {port, users, type Reply} from './testing/port.ts';
import {options} from './testing/scripted.ts';

const query = ({url}: HttpRequest, name: string): string | null => url.searchParams.get(name);

async function ids(made: TargetPort): Promise<string[]> {
  const found: string[] = [];
  for await (const page of made.users.list(options)) {
    if (!page.ok) throw new Error(page.failure.cause);
    found.push(...page.value.map(({id}) => id));
  }
  return found;
}

describe('paging', () => {
  const rows = users('a', 'b', 'c', 'd', 'e');
  const slice = (request: HttpRequest, size: number): object[] => {
    const start = Number(query(request, 'startIndex')) - 1;
    return rows.slice(start, start + size);
  };
  const all = rows.map((row) => (row as {id: string}).id);

  test.each<[string, Reply]>([
    ['honest totals', (request) => [200, {totalResults: 5, Resources: slice(request, 2)}]],
    ['a total that is the page', (request) => [200, {totalResults: 2, Resources: slice(request, 2)}]],
    ['a total that is too high', (request) => [200, {totalResults: 50, Resources: slice(request, 2)}]],
    [
      'no Resources at the end',
      (request) => [
        200,
        {totalResults: 5, ...(slice(request, 2).length ? {Resources: slice(request, 2)} : {})},
      ],
    ],
    [
      'the first page again beyond the end',
      (request) => [
        200,
        {totalResults: 5, Resources: slice(request, 2).length ? slice(request, 2) : rows.slice(0, 2)},
      ],
    ],
    [
      'cursors',
      (request) => {
        const at = Number(query(request, 'cursor') ?? 0);
        return [
          200,
          {Resources: rows.slice(at, at + 2), ...(at + 2 < 5 ? {nextCursor: String(at + 2)} : {})},
        ];
      },
    ],
  ])('%s: every resource once', async (_name, reply) => {
    expect(await ids(port(reply, {pageSize: 2}).port)).toEqual(all);
  });

  test('a profile can ask by cursor from the first page on', async () => {
    const {
      port: made,
      made: {requests},
    } = port(() => [200, {Resources: rows.slice(0, 2)}], {paging: 'cursor'});
    expect(await ids(made)).toEqual(all.slice(0, 2));
    expect(requests.map(({url}) => url.search)).toEqual(['?cursor=&count=100']);
  });

  test.each<[string, Reply]>([
    ['always another page', (_request, nth) => [200, {totalResults: 9, Resources: users(`n${nth}`)}]],
    [
      'a cursor that comes again',
      (_request, nth) => [200, {Resources: users(`n${nth}`), nextCursor: 'same'}],
    ],
  ])('%s: a failure, not a loop', async (_name, reply) => {
    await expect(ids(port(reply, {maxPages: 10}).port)).rejects.toThrow('endless list');
  });

  test('a page that is not a list is a failure', async () => {
    await expect(ids(port(() => [200, {hello: 'world'}]).port)).rejects.toThrow('200 not SCIM');
  });
});
