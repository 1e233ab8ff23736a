import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, expect, test} from '@jest/globals';
import {scim} from '../../connectors/scim/index.ts';
import {loadConfig} from './load.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'avro-scim-schema-'));
});
afterAll(() => rmSync(folder, {recursive: true}));

/** What is wrong with a config whose reader schema is this file. */
const problems = (file: string) => {
  const path = join(folder, 'c.yaml');
  const target = "{connector: scim, config: {baseUrl: 'https://a.example', auth: {bearer: t}}}";
  writeFileSync(path, `event:\n  schema: ${file}\ntargets: {a: ${target}}\n`);
  const loaded = loadConfig({path, env: {}, manifests: [scim.manifest]});
  return loaded.ok ? [] : loaded.problems;
};

test.each([
  ['is not there', undefined, /ENOENT/],
  ['is no JSON', '{"type":', /JSON/],
  ['is no Avro schema', '{"type":"rekord"}', /unknown type: "rekord"/],
])('a reader schema that %s is told with its place', (_name, text, reason) => {
  const file = join(folder, 'reader.avsc');
  rmSync(file, {force: true});
  if (text !== undefined) writeFileSync(file, text);
  const [problem, ...more] = problems(file);
  expect(more).toEqual([]);
  expect(problem).toMatchObject({line: 2, column: 11, path: 'event.schema'});
  expect(problem?.message).toMatch(/^expected the file of an Avro schema, found /);
  expect(problem?.message).toMatch(reason);
});

test('one that is a schema will do', () => {
  const file = join(folder, 'good.avsc');
  writeFileSync(file, '{"type":"record","name":"IdentityEvent","fields":[]}');
  expect(problems(file)).toEqual([]);
});
