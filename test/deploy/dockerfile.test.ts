import {spawnSync} from 'node:child_process';
import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, expect, test} from '@jest/globals';
import {hadolintCommand} from '../../scripts/chart/helm.ts';

const root = join(import.meta.dirname, '../..');
let hadolint = '';

beforeAll(async () => {
  hadolint = await hadolintCommand();
}, 300_000);

const lint = (args: string[], input = '') => {
  const {status, stdout, stderr} = spawnSync(hadolint, args, {cwd: root, input, encoding: 'utf8'});
  return {status, said: `${stdout}${stderr}`};
};

test('hadolint has nothing to say of the Dockerfile', () => {
  const files = readdirSync(root).filter((name) => /^Dockerfile/.test(name));
  expect(files).toContain('Dockerfile');
  for (const file of files) expect({file, ...lint([file])}).toEqual({file, status: 0, said: ''});
});

test('hadolint says what is wrong, of commands in it too', () => {
  const {status, said} = lint(['-'], 'FROM debian:latest\nRUN cd $WHERE && apt-get install curl\n');
  expect({status, rules: ['DL3007', 'DL3015', 'SC2086'].map((rule) => said.includes(rule))}).toEqual({
    status: 1,
    rules: [true, true, true],
  });
  expect(existsSync(hadolint)).toBe(true);
});
