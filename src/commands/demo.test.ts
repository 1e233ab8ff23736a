import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {afterEach, beforeEach, expect, test} from '@jest/globals';
import type {CommandContext} from './command.ts';
import {demoOf} from './demo.ts';

let folder = '';
let complaints: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'avro-scim-demo-command-'));
  complaints = [];
});
afterEach(() => rmSync(folder, {recursive: true}));

const contextOf = (
  options: CommandContext['options'],
  signal = new AbortController().signal,
): CommandContext => ({
  arguments: [],
  options,
  json: false,
  configPath: '',
  env: {},
  signal,
  print: () => undefined,
  complain: (line) => complaints.push(line),
  load: () => Promise.resolve(undefined),
});

/** A script that writes its arguments beside itself and then does `more`. */
const scriptOf = (more: string): URL => {
  const file = join(folder, 'script.mjs');
  const write = `import {writeFileSync} from 'node:fs'; writeFileSync(process.argv[1] + '.args', process.argv.slice(2).join());`;
  writeFileSync(file, `${write} ${more}`);
  return pathToFileURL(file);
};

test('runs the script with its option, and ends as it does', async () => {
  expect(await demoOf(scriptOf('')).run(contextOf({keep: true}))).toBe(0);
  expect(readFileSync(join(folder, 'script.mjs.args'), 'utf8')).toBe('--keep');
  expect(await demoOf(scriptOf('process.exit(3)')).run(contextOf({}))).toBe(1);
  expect(readFileSync(join(folder, 'script.mjs.args'), 'utf8')).toBe('');
});

test('a stop ends the script', async () => {
  const stop = new AbortController();
  const ended = demoOf(scriptOf('setInterval(() => undefined, 1000)')).run(contextOf({}, stop.signal));
  stop.abort();
  expect(await ended).toBe(1);
});

test('says where it is when it is not here', async () => {
  expect(await demoOf(pathToFileURL(join(folder, 'none.ts'))).run(contextOf({}))).toBe(1);
  expect(complaints).toEqual([expect.stringContaining('npm run demo')]);
});
