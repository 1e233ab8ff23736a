import {describe, expect, test} from '@jest/globals';
import type {HttpRequest} from '../../src/core/connector.ts';
import type {TargetPort} from '../../src/core/port.ts';
import {port, users} from './testing/port.ts';
import {options} from './testing/scripted.ts';

const query = ({url}: HttpRequest, name: string): string | null => url.searchParams.get(name);

describe('a look-up', () => {
  const find = (made: TargetPort, value: string) => made.users.find({by: 'userName', value}, options);

  test('asks once where the server filters', async () => {
    const {
      port: made,
      made: {requests},
    } = port(() => [200, {totalResults: 1, Resources: users('Ada')}]);
    expect(await find(made, 'ada')).toMatchObject({ok: true, value: {id: 'id-Ada'}});
    expect(requests.length).toBe(1);
  });

  test('escapes the value for JSON and for the address', async () => {
    const {
      port: made,
      made: {requests},
    } = port(() => [200, {totalResults: 0}]);
    await find(made, 'a"b\\c & +d');
    expect(requests[0]?.url.search).toContain('filter=userName%20eq%20%22a%5C%22b%5C%5Cc%20%26%20%2Bd%22');
  });

  test('two matches are a conflict', async () => {
    const {port: made} = port(() => [
      200,
      {totalResults: 2, Resources: [...users('ada'), {id: '2', userName: 'ADA'}]},
    ]);
    expect(await find(made, 'ada')).toMatchObject({
      ok: false,
      failure: {kind: 'conflict', cause: 'ambiguous look-up'},
    });
  });

  test('goes past empty pages of a server that pages before it filters', async () => {
    const {port: made} = port(
      (request) => [
        200,
        {totalResults: 6, Resources: query(request, 'startIndex') === '5' ? users('ada') : []},
      ],
      {pageSize: 2},
    );
    expect(await find(made, 'ada')).toMatchObject({ok: true, value: {id: 'id-ada'}});
  });

  test.each<[number, object]>([
    [400, {scimType: 'invalidFilter'}],
    [501, {}],
  ])('reads the whole list where the filter is refused with %i', async (status, body) => {
    const {port: made} = port((request) =>
      query(request, 'filter') === null
        ? [200, {totalResults: 2, Resources: users('bob', 'ada')}]
        : [status, body],
    );
    expect(await find(made, 'ada')).toMatchObject({ok: true, value: {id: 'id-ada'}});
  });
});
