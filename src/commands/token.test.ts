import {expect, test} from '@jest/globals';
import {hashToken, readTokenLines} from '../core/token-lines.ts';
import type {CommandContext} from './command.ts';
import {tokenNew} from './token.ts';

async function make(args: string[], options: CommandContext['options'] = {}) {
  const printed: string[] = [];
  const complaints: string[] = [];
  const code = await tokenNew.run({
    ...{arguments: args, options, json: false, configPath: '', env: {}},
    signal: new AbortController().signal,
    print: (line) => void printed.push(line),
    complain: (line) => void complaints.push(line),
    load: () => Promise.resolve(undefined),
  });
  return {code, printed, complaints};
}

test('a token is random, and its line lets it in', async () => {
  const {code, printed} = await make(['ann'], {role: 'operator'});
  const [token = '', line = ''] = printed;
  expect(code).toBe(0);
  expect(token).toMatch(/^avsc_[\w-]{43}$/);
  expect(readTokenLines(line).entries).toEqual([{name: 'ann', role: 'operator', sha256: hashToken(token)}]);
  expect((await make(['ann'])).printed[0]).not.toBe(token);
});

test.each([
  [['ann'], {role: 'root'}, 'viewer, operator, approver'],
  [['a b'], {}, 'expected a name'],
])('%j with %j is wrong use', async (args, options, said) => {
  expect(await make(args, options)).toMatchObject({
    code: 2,
    printed: [],
    complaints: [expect.stringContaining(said)],
  });
});
