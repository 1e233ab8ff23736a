import {spawnSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {afterAll, beforeAll, expect, test} from '@jest/globals';

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'avro-scim-own-')));
});
afterAll(() => rmSync(folder, {recursive: true}));

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(folder, path)), {recursive: true});
  writeFileSync(join(folder, path), text);
};

/** A connector with something changed: `manifest` is spread over a right one. */
const source = (id: string, manifest = '', name = 'connector'): string => `
import {z, type Connector} from 'avro-scim/connector';
const configSchema = z.strictObject({room: z.string().min(1), token: z.string()});
export const ${name}: Connector<typeof configSchema> = {
  manifest: {
    id: '${id}', apiVersion: 1, summary: 'For a test.', configSchema, links: [],
    capabilities: {users: true, groups: false, deactivate: true, delete: true}, ${manifest}
  },
  create: () => { throw new Error('not in this test'); },
};
`;

/** What `check --offline` says of targets with these connectors, by Node itself: types, imports and packages are its matter. */
const check = (connectors: Record<string, string>, config = '{room: a, token: b}') => {
  const targets = Object.entries(connectors).map(
    ([name, connector]) => `  ${name}:\n    connector: ${connector}\n    config: ${config}\n`,
  );
  write('config/avro-scim.yaml', `targets:\n${targets.join('')}`);
  const main = join(import.meta.dirname, '../main.ts');
  const {status, stdout, stderr} = spawnSync(
    process.execPath,
    [main, 'check', '--offline', '--config', 'config/avro-scim.yaml'],
    {cwd: folder, encoding: 'utf8'},
  );
  const said = stderr.replaceAll('config/avro-scim.yaml:', '').replaceAll(folder, '').trimEnd().split('\n');
  return {status, stdout, said};
};

test('a folder that Kubernetes mounts, of links to links, is taken', () => {
  write('mounted/..2026/rooms.ts', "export const rooms = 'of a file beside it';");
  write('mounted/..2026/index.ts', `import {rooms} from './rooms.ts';\n${source('m', 'summary: rooms')}`);
  symlinkSync('..2026', join(folder, 'mounted/..data'));
  for (const name of ['index.ts', 'rooms.ts']) symlinkSync(`..data/${name}`, join(folder, 'mounted', name));
  expect(check({m: '../mounted'})).toMatchObject({status: 0, said: ['']});
});

test('a file, a default export, a folder, its package.json, packages of both kinds and CommonJS are taken', () => {
  write('config/a.ts', source('a'));
  write(
    'config/b.ts',
    source('b').replace('export const connector', 'const connector') + 'export default connector;',
  );
  write('config/c/index.ts', source('c'));
  write('d/src/start.ts', source('d'));
  write(
    'd/package.json',
    '{"type": "module", "exports": {".": {"types": "./x.d.ts", "import": "./src/start.ts"}}}',
  );
  const built = source('e')
    .replace(', type Connector', '')
    .replace(/: Connector<[^>]+>/, '');
  write('node_modules/e/package.json', '{"name": "e", "type": "module", "main": "main.js"}');
  write('node_modules/e/main.js', built);
  write('node_modules/@acme/f/package.json', '{"name": "@acme/f"}');
  write(
    'node_modules/@acme/f/index.js',
    built
      .replace(/import (.+) from (.+);/, 'const $1 = require($2);')
      .replace('export const connector', 'exports.connector'),
  );
  const own = {a: './a.ts', b: './b.ts', c: './c', d: join(folder, 'd'), e: 'e', f: '"@acme/f"'};
  expect(check(own)).toEqual({status: 0, said: [''], stdout: expect.stringContaining('6 target(s)')});
});

test('its settings are checked by its own schema', () => {
  write('config/a.ts', source('a'));
  expect(check({a: './a.ts'}, '{room: "", tokn: 1}')).toMatchObject({
    status: 2,
    said: [
      '4:5: targets.a.config.token: expected a text, found nothing',
      '4:20: targets.a.config.room: expected at least 1, found ""',
      '4:24: targets.a.config.tokn: unknown setting; known here: room, token',
    ],
  });
});

test('a schema that throws is a mistake at that target’s settings', () => {
  const thrown = "z.string().refine(() => { throw new Error('no rooms'); })";
  write('config/thrower.ts', source('thrower').replace('z.string().min(1)', thrown));
  expect(check({thrower: './thrower.ts'}).said).toEqual([
    '4:5: targets.thrower.config: its connector could not check this: no rooms',
  ]);
});

const wrong: [name: string, connector: string, text: string | undefined, problem: string | RegExp][] = [
  ['none', './none.ts', undefined, 'expected a file or a folder, found nothing at /config/none.ts'],
  [
    'typo',
    'skim',
    undefined,
    /^expected the name of a connector \(scim or .+\), a path that begins with \.\/ or \/, or an installed package, found "skim"$/,
  ],
  ['words', '"My connector"', undefined, /^expected the name .+, found "My connector"$/],
  ['empty', './empty', undefined, 'expected index.ts or index.js or index.mjs in /config/empty, found none'],
  [
    'silent',
    './silent.ts',
    'export const conector = 1;',
    '/config/silent.ts: expected an export named connector, or a default one; found conector',
  ],
  ['throws', './throws.ts', 'throw new Error("no room");', '/config/throws.ts can not be loaded: no room'],
  [
    'syntax',
    './syntax.js',
    'export const = 1;',
    "/config/syntax.js can not be loaded: Unexpected token '=' (node --check shows where)",
  ],
  [
    'enums',
    './enums.ts',
    'enum A {B}',
    /^\/config\/enums.ts can not be loaded: .*enum.* \(Node strips types alone: no enum, namespace or parameter property\)/,
  ],
  [
    'types',
    './types.ts',
    "import {Connector} from 'avro-scim/connector';",
    /\(a type is imported by `import type`\)/,
  ],
  [
    'imports',
    './imports.ts',
    "import 'no-such-package';",
    /^\/config\/imports.ts can not be loaded: Cannot find package 'no-such-package'/,
  ],
  [
    'named',
    './named.ts',
    source('Named Wrongly'),
    '/config/named.ts: manifest.id: expected small letters, digits and hyphens',
  ],
  [
    'taken',
    './taken.ts',
    source('scim'),
    '/config/taken.ts: manifest.id: expected a name that no connector of the program has',
  ],
  [
    'older',
    './older.ts',
    source('older', 'apiVersion: 0,'),
    '/config/older.ts: manifest.apiVersion: expected 1, what this program offers; found 0',
  ],
  [
    'several',
    './several.ts',
    source('several', 'summary: 1, capabilities: {users: true}, configSchema: {}, more: 1,'),
    /manifest\.summary: expected string, found number; manifest\.configSchema: expected the schema of an object, .+; manifest\.capabilities\.groups: .+; manifest: Unrecognized key: "more"$/,
  ],
];

test('every mistake is told with its place in the config, and where in the connector it is', () => {
  mkdirSync(join(folder, 'config/empty'), {recursive: true});
  for (const [, path, text] of wrong) if (text !== undefined) write(join('config', path), text);
  const {status, said} = check(Object.fromEntries(wrong.map(([name, connector]) => [name, connector])));
  expect(status).toBe(2);
  const told = said.map(
    (line) => /^(\d+:\d+: targets\.\w+\.connector): (.*)$/.exec(line)?.slice(1) ?? [line],
  );
  expect(told).toEqual(
    wrong.map(([name, , , problem], at) => [
      `${3 * at + 3}:16: targets.${name}.connector`,
      typeof problem === 'string' ? problem : expect.stringMatching(problem),
    ]),
  );
});
