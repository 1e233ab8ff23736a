import {expect, test} from '@jest/globals';
import {mkdtempSync, rmSync, utimesSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {failed, ok, type Result} from '../core/failure.ts';
import type {CheckReport, TargetPort} from '../core/port.ts';
import {watchChecks} from './checks.ts';

/** A target whose check answers what it is told to, and what is said of it. */
function rig() {
  const rest = {} as Omit<TargetPort, 'check'>;
  const made = {
    now: 100_000,
    said: [] as string[],
    files: [] as string[],
    answer: ok({summary: 'here'}) as Result<CheckReport>,
  };
  const say = (_fields: object, message: string): void => void made.said.push(message);
  const log = {debug: say, info: say, warn: say, error: say};
  const {signal} = new AbortController();
  const port = {...rest, check: () => Promise.resolve(made.answer)};
  return {
    made,
    signal,
    checks: watchChecks(port, {log, signal, now: () => made.now, secretFiles: () => made.files}),
  };
}

test('the age of the credential is told from the first check on, and grows', async () => {
  const {made, checks} = rig();
  expect(checks.figures()).toEqual({});
  made.answer = ok({summary: 'here', credentialCreatedAt: 40_000});
  await checks.look();
  expect(checks.figures()).toEqual({credentialAgeSeconds: 60});
  made.now = 130_000;
  expect(checks.figures()).toEqual({credentialAgeSeconds: 90});
});

test('a probe tells of a new credential, and a failure of none', async () => {
  const {made, checks, signal} = rig();
  made.answer = ok({summary: 'here', credentialCreatedAt: 90_000});
  await checks.port.check(signal);
  made.answer = failed({kind: 'unavailable', message: 'no connection', cause: 'connect ECONNREFUSED'});
  await checks.look();
  expect(checks.figures()).toEqual({credentialAgeSeconds: 10});
  expect(made.said).toEqual(['the target does not answer its check as it should']);
});

test('when it ends is told where the target tells', async () => {
  const {made, checks} = rig();
  made.answer = ok({summary: 'here', credentialExpiresAt: 1_900_000_000_000});
  await checks.look();
  expect(checks.figures()).toEqual({credentialExpiry: 1_900_000_000});
});

test('where the target does not tell its age the oldest of its files does, and one that is away is no matter', () => {
  const {made, checks} = rig();
  const folder = mkdtempSync(join(tmpdir(), 'checks-'));
  made.files = ['id', 'token', 'away'].map((name) => join(folder, name));
  for (const [at, file] of made.files.slice(0, 2).entries()) {
    writeFileSync(file, 'of a test');
    utimesSync(file, 40 + at, 40 + at);
  }
  expect(checks.figures()).toEqual({credentialAgeSeconds: 60});
  rmSync(folder, {recursive: true});
  expect(checks.figures()).toEqual({});
});

test('a look at a target whose connector throws is told, and goes on', async () => {
  const {made, checks} = rig();
  Object.defineProperty(made, 'answer', {
    get: () => {
      throw new Error('a bug');
    },
  });
  await checks.look();
  expect(made.said).toEqual(['unexpected exception in a check of the target']);
});
