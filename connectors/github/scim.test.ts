import {expect, test} from '@jest/globals';
import {githubOrganization} from '../github-organization/index.ts';
import {options, scripted, value} from './testing/rig.ts';

const user = (userName: string, id = userName) => ({id, userName, emails: []});
const port = (reply: Parameters<typeof scripted>[2]) =>
  scripted(githubOrganization, {organization: 'acme'}, reply);
const list = (...rows: object[]): [number, object] => [200, {totalResults: rows.length, Resources: rows}];

test('two that match are a conflict', async () => {
  const made = port(() => list(user('ada', '1'), user('ADA', '2')));
  expect(await made.port.users.find({by: 'userName', value: 'ada'}, options)).toMatchObject({
    failure: {kind: 'conflict', cause: 'ambiguous look-up'},
  });
});

test('a filter that is ignored is not believed, and the list is read to its end', async () => {
  const all = Array.from({length: 250}, (_, at) => user(`u${at}`));
  const made = port(({url}) => {
    const start = Number(url.searchParams.get('startIndex')) - 1;
    return [200, {totalResults: 250, Resources: all.slice(start, start + 100)}];
  });
  expect(value(await made.port.users.find({by: 'userName', value: 'U249'}, options))?.id).toBe('u249');
  expect(value(await made.port.users.find({by: 'externalId', value: 'u1'}, options))).toBeUndefined();
  expect(made.requests).toHaveLength(6);
});

test('a list that begins anew past its end ends', async () => {
  const made = port(() => [200, {totalResults: 900, Resources: [user('a'), user('b')]}]);
  const ids: string[] = [];
  for await (const page of made.port.users.list(options)) ids.push(...value(page).map(({id}) => id));
  expect(ids).toEqual(['a', 'b']);
});

test.each<[string, object | string]>([
  ['a list of another service', [{id: 1, login: 'ada'}]],
  ['an object of no form', {ok: true}],
])('%s is an answer that is not documented', async (_name, body) => {
  const made = port(() => [200, body]);
  expect(await made.port.users.find({by: 'userName', value: 'ada'}, options)).toMatchObject({
    failure: {kind: 'rejected', cause: '200 undocumented', exchange: {answerBody: expect.any(String)}},
  });
});

test('another user than the one that was asked for is not taken for that one', async () => {
  const made = port(() => [200, user('ada', 'other')]);
  expect(await made.port.users.get('ada', options)).toMatchObject({failure: {cause: '200 undocumented'}});
});
