import {execFileSync} from 'node:child_process';
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {afterAll, beforeAll, describe, expect, jest, test} from '@jest/globals';
import project from '../../package.json' with {type: 'json'};
import {installPackage, type Installed} from './package-rig.ts';

// The program is built once, which takes a minute on a busy machine.
jest.setTimeout(300_000);

let installed: Installed;
beforeAll(async () => {
  installed = await installPackage();
});
afterAll(() => installed.remove());

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(installed.folder, path)), {recursive: true});
  writeFileSync(join(installed.folder, path), text);
};

describe('the package', () => {
  test('has the program and what users import, and nothing of its own tests', () => {
    const {files} = installed;
    expect(files).toEqual(
      expect.arrayContaining([
        'dist/src/main.js',
        'dist/src/connector.js',
        'dist/src/connector.d.ts',
        'dist/connectors/testing/index.js',
        'dist/connectors/testing/index.d.ts',
        'schemas/identity-event.avsc',
        'schemas/audit-record.avsc',
        'templates/connector/contract.test.ts',
        'README.md',
        'LICENSE',
      ]),
    );
    const odd = files.filter(
      (path) =>
        /\.test\.|jest|\/testing\//.test(path) && !/^(templates|dist\/connectors\/testing)\//.test(path),
    );
    expect(odd).toEqual([]);
    expect(files.filter((path) => /^dist\/connectors\/testing\/(.*\.test\.|contract\.)/.test(path))).toEqual(
      [],
    );
  });

  test('nothing is in it that no user needs', () => {
    const places = new Set(installed.files.map((path) => /^(dist\/\w+|[^/]+)/.exec(path)?.[0]));
    expect([...places].sort()).toEqual([
      ...['CHANGELOG.md', 'LICENSE', 'README.md', 'config', 'dist/connectors', 'dist/package', 'dist/src'],
      ...['package.json', 'schemas', 'templates'],
    ]);
    const source = installed.files.filter((path) => /^dist\/.*(?<!\.d)\.ts$|\.map$|\.log$/.test(path));
    expect(source).toEqual([]);
  });

  test('npx runs it, and it names the commit that it was built from', async () => {
    const {code, output} = await installed.shell('npx --no-install avro-scim --version');
    const commit = execFileSync('git', ['rev-parse', 'HEAD'], {encoding: 'utf8', cwd: import.meta.dirname});
    expect({code, output: output.replace('-dirty', '')}).toEqual({
      code: 0,
      output: `${project.version} (commit ${commit.trim()})\n`,
    });
  });

  test('runs', async () => {
    const {code, output} = await installed.shell('avro-scim connectors list --json');
    expect({
      code,
      ids: (JSON.parse(output) as {connectors: {id: string}[]}).connectors.map(({id}) => id),
    }).toEqual({
      code: 0,
      ids: expect.arrayContaining(['scim', 'okta']),
    });
  });

  test('avro-scim/testing and avro-scim/connector are there for any test runner', async () => {
    write(
      'mine.test.mjs',
      `import assert from 'node:assert';
       import {ok, failed, z} from 'avro-scim/connector';
       import {describeContract, startDouble} from 'avro-scim/testing';
       assert.deepEqual(ok(1), {ok: true, value: 1});
       assert.ok(z.object({}) && failed);
       const double = await startDouble(({path, body}) => ({status: 201, body: {path, body}}));
       const answer = await fetch(double.url + '/v1', {method: 'POST', body: '{"a":1}'});
       assert.deepEqual([answer.status, await answer.json()], [201, {path: '/v1', body: {a: 1}}]);
       await double.close();
       const names = [];
       const hook = () => undefined;
       const test = (name) => names.push(name);
       describeContract('mine', () => undefined, {describe: (_, body) => body(), test, beforeAll: hook, afterAll: hook});
       assert.ok(names.length > 20);`,
    );
    expect(await installed.shell('node mine.test.mjs')).toEqual({code: 0, output: ''});
  });

  test('a new connector passes its test as it is written, by the program and by npm’s own way', async () => {
    expect((await installed.shell('avro-scim connectors new my-app')).code).toBe(0);
    const {code, output} = await installed.shell('cd my-app && npm test --silent && node --test');
    expect({code, output}).toEqual({
      code: 0,
      output: expect.stringMatching(/my-app keeps the connector contract/),
    });
    expect(output.match(/^ℹ fail 0$/gm)).toHaveLength(2);
  });
});

interface Block {
  language: string;
  file: string;
  text: string;
}

const page = readFileSync(join(import.meta.dirname, '../../docs/connectors.md'), 'utf8');
const blocks = [...page.matchAll(/^```(\w+) ?(.*)\n([^]*?)^```$/gm)].map(
  ([, language = '', file = '', text = '']): Block => ({language, file, text}),
);

const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** What was printed against what the page says: `…` stands for anything. */
const patternOf = (expected: string): RegExp =>
  new RegExp(`^${expected.trimEnd().split('…').map(literal).join('[^]*')}$`);

describe('docs/connectors.md', () => {
  test('works as it stands, line by line', async () => {
    const commands = blocks.filter(({language}) => language === 'sh');
    expect(commands.length).toBeGreaterThan(3);
    for (const [at, {language, file, text}] of blocks.entries()) {
      if (file !== '') write(file, text);
      if (language !== 'sh') continue;
      const {code, output} = await installed.shell(text);
      const next = blocks[at + 1];
      if (next?.language === 'text') expect(output.trimEnd()).toMatch(patternOf(next.text));
      else expect({text, code, output}).toMatchObject({code: 0});
    }
  });

  test('its files are right for the compiler too, by the types of the package', async () => {
    const compilerOptions = {
      ...{module: 'nodenext', target: 'es2024', strict: true, noEmit: true, types: ['node']},
      ...{allowImportingTsExtensions: true, skipLibCheck: true},
      typeRoots: ['node_modules/avro-scim/node_modules/@types'],
    };
    write('tsconfig.json', JSON.stringify({compilerOptions, include: ['deskbook']}));
    const tsc = 'node node_modules/avro-scim/node_modules/typescript/bin/tsc';
    expect(await installed.shell(`${tsc} -p tsconfig.json`)).toEqual({code: 0, output: ''});
  });

  test('it is what connectors new writes', async () => {
    const steps = 'avro-scim connectors new deskbook --dir made && diff -r made/deskbook deskbook';
    const {output} = await installed.shell(steps);
    expect(output.split('\n').filter((line) => /^(Only|diff|[<>])/.test(line))).toEqual([
      'Only in made/deskbook: README.md',
      'Only in made/deskbook: package.json',
    ]);
  });
});
