import {afterAll, beforeAll, expect, test} from '@jest/globals';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {connectors} from '../../../../connectors/index.ts';
import type {Asked} from '../../../admin/api/ports.ts';
import type {AuditPage} from '../../../admin/api/schema/audit.ts';
import {loadConfig, type LoadedConfig} from '../../../config/load.ts';
import type {Act} from './acts.ts';
import {auditPort} from './audit.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'api-audit-'));
});
afterAll(() => rm(folder, {recursive: true}));

const manifests = connectors.map(({manifest}) => manifest);
const target = {connector: 'scim', config: {baseUrl: 'https://wiki.example', auth: {bearer: 'made up'}}};

function configOf(audit: object): LoadedConfig {
  const text = JSON.stringify({kafka: {topics: ['events']}, audit, targets: {wiki: target}});
  const loaded = loadConfig({path: '/config.yaml', env: {}, manifests, readFile: () => text});
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded;
}

/** The port over a file with these lines, and what it notes. */
async function over(lines: readonly unknown[]) {
  const file = join(folder, 'audit.jsonl');
  await writeFile(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  const acts: Act[] = [];
  const note = (_: Asked, noted: readonly Act[]) => {
    acts.push(...noted);
    return Promise.resolve({ok: true, value: undefined} as const);
  };
  return {port: auditPort(note, () => configOf({file})), acts};
}

const record = (id: string, at: number, more: object = {}) => ({
  ...{id, at, target: 'wiki', subject: 'u', outcome: 'applied'},
  ...more,
});
const none = {};

function pageOf(answer: Awaited<ReturnType<ReturnType<typeof auditPort>>>): AuditPage {
  if (!answer.ok) throw new Error(answer.refusal.detail);
  return answer.value;
}

test('each record stands on one page, the newest first, however many are of one moment', async () => {
  const lines = [record('a', 1), ...['b', 'c', 'd', 'e', 'f'].map((id) => record(id, 2)), record('g', 3)];
  const {port} = await over(lines);
  for (const limit of [1, 2, 3, 7]) {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = pageOf(await port(none, {cursor, limit}, none));
      seen.push(...page.items.map(({id}) => id));
      cursor = page.next;
    } while (cursor !== undefined);
    expect(seen).toEqual(['g', 'f', 'e', 'd', 'c', 'b', 'a']);
  }
});

test('values that are plain are masked unless they are asked for, which is noted; hashes are shown', async () => {
  const {port, acts} = await over([
    record('plain', 1, {values: {title: '"boss"'}}),
    record('hashed', 2, {values: {title: 'abcd'}, hashKey: 'k'}),
  ]);
  const values = (page: AuditPage) => page.items.map((one) => one.values?.['title']);
  expect(values(pageOf(await port(none, {limit: 9}, none)))).toEqual(['abcd', '[masked]']);
  expect(acts).toEqual([]);
  const reveal: Asked = {by: {name: 'ann', role: 'operator', via: 'token'}};
  expect(values(pageOf(await port({subject: 'u'}, {limit: 9}, {reveal})))).toEqual(['abcd', '"boss"']);
  expect(acts).toMatchObject([{action: 'audit shown unmasked', subject: 'u'}]);
});

test('a record that somebody has changed into something else is told as not whole', async () => {
  const {port} = await over([
    record('a', 1, {actor: 'root', receipt: 7}),
    record('b', 2, {receipt: {steps: 'x'}}),
  ]);
  const {items} = pageOf(await port(none, {limit: 9}, none));
  expect(items).toMatchObject([{id: 'b'}, {id: 'a', isWhole: false}]);
  expect(items[1]?.actor).toBeUndefined();
});

test('nothing was written yet; or it goes to the log, where nobody can search', async () => {
  const note = () => Promise.resolve({ok: true, value: undefined} as const);
  const empty = auditPort(note, () => configOf({file: join(folder, 'none')}));
  expect(await empty(none, {limit: 9}, none)).toEqual({ok: true, value: {items: [], readFrom: 'file'}});
  const log = auditPort(note, () => configOf({}));
  expect(await log(none, {limit: 9}, none)).toMatchObject({ok: false, refusal: {kind: 'wrong-state'}});
});
