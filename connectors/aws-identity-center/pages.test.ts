import {expect, test} from '@jest/globals';
import type {TargetPort} from '../../src/core/port.ts';
import {listOf, openRig, options, scripted} from './testing/rig.ts';
import type {Store} from './testing/store.ts';

/** The ids of a list, and the cause that ended it. */
async function read({users}: TargetPort): Promise<{ids: string[]; cause?: string}> {
  const ids: string[] = [];
  for await (const page of users.list(options)) {
    if (!page.ok) return {ids, cause: page.failure.cause};
    ids.push(...page.value.map(({id}) => id));
  }
  return {ids};
}

async function listed(rules: Partial<Store>, count: number) {
  const rig = await openRig({}, rules);
  for (let i = 0; i < count; i++) await rig.newUser();
  let result: {ids: string[]; cause?: string} = {ids: []};
  const asked = await rig.asking(async () => (result = await read(rig.port)));
  const all = [...rig.double.store.users.keys()];
  await rig.close();
  return {...result, all, requests: asked.length};
}

test.each<[string, Partial<Store>]>([
  ['cursor', {paging: 'cursor', pageSize: 3}],
  ['index', {paging: 'index', pageSize: 3}],
])('every page by %s', async (_name, rules) => {
  const {ids, all, cause, requests} = await listed(rules, 7);
  expect({ids, cause}).toEqual({ids: all, cause: undefined});
  expect(requests).toBe(3);
});

test('a hundred are one request', async () => {
  expect(await listed({}, 100)).toMatchObject({requests: 1});
});

test('an endpoint that shows the first 50 alone: a failure, not a short list', async () => {
  expect((await listed({paging: 'first-50'}, 51)).cause).toBe('list cut short');
  expect((await listed({paging: 'first-50'}, 50)).cause).toBeUndefined();
});

test('a page may hold fewer than asked for, or none, and not be the last', async () => {
  const schemas = ['urn:ietf:params:scim:api:messages:2.0:ListResponse'];
  const answers = [
    {nextCursor: 'a', Resources: [{id: '1'}]},
    {nextCursor: 'b', Resources: []},
    {Resources: [{id: '2'}]},
  ];
  const {port, requests} = scripted((_request, nth) => [200, {schemas, ...answers[nth - 1]}]);
  expect(await read(port)).toEqual({ids: ['1', '2']});
  expect(requests.map(({url}) => url.search)).toEqual([
    '?cursor=&count=100',
    '?cursor=a&count=100',
    '?cursor=b&count=100',
  ]);
});

test('a cursor that comes again ends the list as a failure', async () => {
  const {port} = scripted(() => [200, {...listOf(), nextCursor: 'a'}]);
  expect((await read(port)).cause).toBe('endless list');
});

test('what is no list is no empty list', async () => {
  const {port} = scripted(() => [200, {ok: true}]);
  expect((await read(port)).cause).toBe('200 undocumented');
});
