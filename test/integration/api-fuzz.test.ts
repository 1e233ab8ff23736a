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
