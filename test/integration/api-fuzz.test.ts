import {afterAll, beforeAll, expect, test} from '@jest/globals';
import {fuzz} from '../../scripts/services/schemathesis.ts';
import {leaveOf, letterOf, startApi, tokenOf, type ApiRig} from './api-rig.ts';

let api: ApiRig;
beforeAll(async () => {
  api = await startApi();
  for (const offset of [1, 2, 3]) await api.letters.wiki.add(letterOf(offset, 'wiki'));
  for (const offset of [4, 5]) await api.holds.hold(leaveOf(offset), `u${offset}`);
});
afterAll(() => api.close());

const document = (): string => `${api.url}/api/openapi.json`;
const log = (line: string): void => console.log(line);
const checks = [
  ...['not_a_server_error', 'status_code_conformance'],
  ...['content_type_conformance', 'response_schema_conformance', 'ignored_auth'],
];

interface Refused {
  role?: 'viewer' | 'operator' | 'approver';
  body?: object;
  status: number;
  says: object;
}
const letters = [{target: 'wiki', id: 'events/0/1'}];
const of = (status: number, says: object, more: Omit<Refused, 'status' | 'says'> = {}): Refused => ({
  ...{role: 'approver', status, says},
  ...more,
});
const at = (...places: string[]) => ({errors: places.map((place) => ({at: expect.stringContaining(place)}))});

test.each<[path: string, refused: Refused]>([
  // Unknown ids.
  ['/api/v1/targets/none', of(404, {detail: expect.stringContaining('none')})],
  ['/api/v1/subjects/none', of(404, {})],
  ['/api/v1/dead-letters/wiki/none', of(404, {})],
  ['/api/v1/dead-letters?target=none', of(404, {})],
  ['/api/v1/dead-letters/retry', of(404, {}, {body: {letters: [{target: 'wiki', id: 'none'}]}})],
  ['/api/v1/dead-letter-groups/wiki/none/preview', of(404, {}, {body: {}})],
  ['/api/v1/dead-letter-groups/wiki/none/retry', of(404, {}, {body: {token: 'x'}})],
  ['/api/v1/holds/approve', of(404, {}, {body: {holds: [{target: 'wiki', subject: 'none'}]}})],
  ['/api/v1/subjects/none/replay', of(404, {}, {body: {}})],
  ['/api/v1/none', of(404, {})],
  // In another state.
  ['/api/v1/targets/wiki/resume', of(409, {state: 'not paused'}, {body: {}})],
  ['/api/v1/subjects/none/lift', of(409, {state: 'not cut off by hand'}, {body: {}})],
  ['/api/v1/subjects/u4/replay', of(409, {state: expect.stringMatching(/^wiki: \w/)}, {body: {}})],
  ['/api/v1/dead-letter-groups/wiki/none/stop', of(409, {state: 'not running'}, {body: {}})],
  // A preview of something else, with how many there are now.
  ['/api/v1/dead-letters/discard', of(409, {count: 3}, {body: {filter: {}, token: 'old'}})],
  ['/api/v1/holds/approve', of(409, {count: 2}, {body: {filter: {target: 'wiki'}, token: 'old'}})],
  // Who asks.
  ['/api/v1/targets', {status: 401, says: {}}],
  ['/api/v1/dead-letters/retry', {status: 401, says: {}, body: {letters}}],
  ['/api/v1/dead-letters/retry', of(403, {role: 'operator'}, {role: 'viewer', body: {letters}})],
  ['/api/v1/holds/discard', of(403, {role: 'approver'}, {role: 'operator', body: {holds: []}})],
  ['/api/v1/subjects/u1/lift', of(403, {role: 'approver'}, {role: 'operator', body: {}})],
  ['/api/v1/subjects/u1?unmask=true', of(403, {role: 'operator'}, {role: 'viewer'})],
  // A filter, a cursor, a body that is wrong, and where.
  ['/api/v1/dead-letters?cursor=x', of(400, at('cursor'))],
  ['/api/v1/lanes?cursor=x', of(400, at('cursor'))],
  ['/api/v1/holds?cursor=x', of(400, at('cursor'))],
  ['/api/v1/audit?cursor=x', of(400, at('cursor'))],
  ['/api/v1/dead-letters?since=yesterday', of(400, at('since'))],
  ['/api/v1/dead-letters?limit=0', of(400, at('limit'))],
  ['/api/v1/audit?outcome=none', of(400, at('outcome'))],
  ['/api/v1/dead-letters?subjekt=u1', of(400, at(''))],
  ['/api/v1/dead-letters/preview', of(400, at('filter.since'), {body: {filter: {since: 'now'}}})],
  ['/api/v1/targets/wiki/pause', of(400, at('reason'), {body: {reason: 'x'.repeat(501)}})],
])('what bad input gets: %s %j', async (path, {role, body, status, says}) => {
  const answer = await api.ask(path, role, body);
  expect(answer).toMatchObject({
    status,
    body: {status, type: expect.stringContaining('urn:avro-scim:problem:'), ...says},
  });
});

test('a token that nobody has given is refused, and what was refused changed nothing', async () => {
  const headers = {authorization: 'Bearer made-up'};
  const answer = await fetch(`${api.url}/api/v1/targets`, {headers});
  expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([
    401,
    expect.stringContaining('Bearer'),
  ]);
  expect(Object.values(await api.letters.wiki.counts())).toEqual([3]);
  expect(await api.holds.count()).toBe(2);
  expect(await api.audited()).toEqual([]);
});

test('no input is answered 500, every answer is as the document says, and nobody changes anything who does not sign in', async () => {
  const headers = {Authorization: `Bearer ${tokenOf('approver')}`};
  const {code, output} = await fuzz({document: document(), headers, checks, cases: 15, log});
  const {paths} = (await (await fetch(document())).json()) as {paths: Record<string, object>};
  const count = Object.values(paths).flatMap((methods) => Object.keys(methods)).length;
  if (code !== 0) throw new Error(output);
  // A run that asked nothing finds nothing.
  expect(output).toContain(`Tested: ${count}\n`);
  const actors = (await api.audited()).map(({actor}) => (actor as {id: string} | undefined)?.id);
  expect(new Set(actors)).toEqual(new Set(['token:approver']));
}, 120_000);
