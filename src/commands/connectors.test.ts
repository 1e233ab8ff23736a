import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from '@jest/globals';
import type {CommandContext} from './command.ts';
import {commands} from './index.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'avro-scim-connectors-')));
});
afterEach(() => rmSync(folder, {recursive: true}));

const main = join(import.meta.dirname, '../main.ts');

/** The program in a process of its own: connectors of users are loaded by Node itself. */
const avroScim = (...args: string[]) => {
  const {status, stdout} = spawnSync(process.execPath, [main, ...args], {cwd: folder, encoding: 'utf8'});
  return {code: status, out: stdout};
};

/** A command as `main` runs it. */
const command = async (name: string, args: string[] = [], options: CommandContext['options'] = {}) => {
  const [out, complaints]: string[][] = [[], []];
  const code = await commands
    .find((one) => one.name === name)
    ?.run({
      arguments: args,
      options,
      json: options['json'] === true,
      configPath: join(folder, 'c.yaml'),
      env: {},
      signal: new AbortController().signal,
      print: (line) => void out?.push(line),
      complain: (line) => void complaints?.push(line),
      load: () => Promise.resolve(undefined),
    });
  return {code, out: out?.join('\n') ?? '', complaints};
};
const json = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

const config = (...connectors: string[]): void => {
  const targets = connectors.map((name, at) => `  t${at}: {connector: ${name}, config: {}}\n`);
  writeFileSync(join(folder, 'c.yaml'), `targets:\n${targets.join('')}`);
};

describe('connectors list', () => {
  test('has the program’s own, and those that the config names', async () => {
    expect(await command('connectors new', ['mine'], {dir: folder})).toMatchObject({code: 0});
    config('./mine', 'scim');
    const {code, out} = avroScim('connectors', 'list', '--json', '--config', 'c.yaml');
    expect({code, ...json(out)}).toMatchObject({
      code: 0,
      troubles: [],
      connectors: expect.arrayContaining([
        expect.objectContaining({id: 'okta', from: 'built in'}),
        {
          id: 'mine',
          from: join(folder, 'mine/index.ts'),
          summary: expect.any(String),
          capabilities: ['users', 'groups', 'deactivate', 'delete'],
        },
      ]),
    });
  });

  test('shows what can be loaded beside what can not, and ends with 2', async () => {
    config('./none');
    const {code, out, complaints} = await command('connectors list');
    expect({code, complaints}).toEqual({
      code: 2,
      complaints: [`./none: expected a file or a folder, found nothing at ${join(folder, 'none')}`],
    });
    expect(out).toMatch(/^okta +built in +users groups deactivate delete +Okta: /m);
  });
});

describe('connectors show', () => {
  test('tells every setting, and what a cut-off ends', async () => {
    const {code, out} = await command('connectors show', ['okta'], {json: true});
    expect({code, ...json(out)}).toMatchObject({
      code: 0,
      id: 'okta',
      rate: '300 requests in 60 s',
      cutOff: {ends: expect.arrayContaining(['sessions']), leaves: [expect.any(String), expect.any(String)]},
      settings: expect.arrayContaining([
        expect.objectContaining({name: 'orgUrl', type: 'text', isRequired: true}),
        expect.objectContaining({name: 'auth.apiToken', isRequired: false}),
      ]),
    });
  });

  test.each([
    ['skim', /^expected the name of a connector .+, found "skim"$/],
    ['./skim', /^expected a file or a folder, found nothing at /],
  ])('%s is none', async (name, complaint) => {
    expect(await command('connectors show', [name])).toEqual({
      code: 2,
      out: '',
      complaints: [expect.stringMatching(complaint)],
    });
  });
});

describe('connectors new', () => {
  test('writes a connector under its own name, once', async () => {
    const dir = join(folder, 'made');
    const {out} = await command('connectors new', ['my-app'], {dir, json: true});
    const files = json(out)['files'] as string[];
    expect(files).toEqual(
      expect.arrayContaining(['index.ts', 'contract.test.ts', 'package.json', 'README.md']),
    );
    const texts = files.map((file) => readFileSync(join(dir, 'my-app', file), 'utf8')).join('\n');
    expect(texts).not.toMatch(/deskbook/i);
    expect(texts).toMatch(/id: 'my-app'/);
    expect(texts).toMatch(/startMyApp/);
    const index = join(dir, 'my-app/index.ts');
    writeFileSync(index, 'mine now');
    expect(await command('connectors new', ['my-app'], {dir})).toEqual({
      code: 2,
      out: '',
      complaints: [`${dir}/my-app is there already: nothing was written`],
    });
    expect(readFileSync(index, 'utf8')).toBe('mine now');
  });

  test.each([
    ['My App', 'expected a name of small letters, digits and hyphens, found "My App"'],
    ['../up', 'expected a name of small letters, digits and hyphens, found "../up"'],
    ['okta', 'okta is a connector of the program: take another name'],
  ])('%s is refused', async (name, complaint) => {
    const refused = await command('connectors new', [name], {dir: folder});
    expect(refused).toEqual({code: 2, out: '', complaints: [complaint]});
  });
});

describe('connectors test', () => {
  const write = (file: string, text: string): void => writeFileSync(join(folder, file), text);

  test('runs the tests of a folder with the program’s own contract, and ends with 1 when one fails', () => {
    write(
      'a.test.mjs',
      "import {describeContract} from 'avro-scim/testing'; if (!describeContract) process.exit(1);",
    );
    write('b.test.mjs', "throw new Error('no');");
    expect(avroScim('connectors', 'test', '.')).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^ℹ pass 1\nℹ fail 1$/m),
    });
    expect(avroScim('connectors', 'test', 'a.test.mjs')).toMatchObject({code: 0});
  });

  test('what is not there is wrong use', async () => {
    expect(await command('connectors test', [join(folder, 'none')])).toMatchObject({code: 2, out: ''});
  });
});
