import {expect, test} from '@jest/globals';
import {persist} from './persist.ts';

const replyError = (message: string): Error => Object.assign(new Error(message), {name: 'ReplyError'});

/** What is said while the first writes fail, each half a minute after the one before. */
async function saidWhile(failures: readonly Error[]): Promise<string[]> {
  const said: string[] = [];
  const say = (_fields: object, message: string): void => void said.push(message);
  const log = {debug: say, info: say, warn: say, error: say};
  let tries = 0;
  const context = {target: 'wiki', log, now: () => tries * 30_000, signal: new AbortController().signal};
  const written = await persist(context, 'settle', () => {
    const failure = failures[tries];
    tries += 1;
    return failure ? Promise.reject(failure) : Promise.resolve('written');
  });
  expect(written).toBe('written');
  return said;
}

test('a Redis that is away, read-only or full is told once', async () => {
  const failures = [
    new Error('Connection is closed.'),
    replyError("READONLY You can't write against a read only replica. script: f3, on @user_script:9."),
    replyError('ERR user_script:1: -OOM command not allowed'),
  ];
  expect(await saidWhile(failures)).toEqual(['not written: trying until it is', 'written after all']);
});

test('a refusal that no time heals is told as a bug, again each minute', async () => {
  const refusal = replyError(
    'ERR user_script:34: invalid unicode escape code script: f3, on @user_script:34.',
  );
  expect(await saidWhile([refusal, refusal, refusal])).toEqual([
    'not written because of a bug: please report it; trying on',
    'not written because of a bug: please report it; trying on',
    'written after all',
  ]);
});
