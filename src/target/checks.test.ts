import {expect, test} from '@jest/globals';
import {failed, ok, type Result} from '../core/failure.ts';
import type {CheckReport, TargetPort} from '../core/port.ts';
import {watchChecks} from './checks.ts';

/** A target whose check answers what it is told to, and what is said of it. */
function rig() {
  const rest = {} as Omit<TargetPort, 'check'>;
  const made = {now: 100_000, said: [] as string[], answer: ok({summary: 'here'}) as Result<CheckReport>};
  const say = (_fields: object, message: string): void => void made.said.push(message);
  const log = {debug: say, info: say, warn: say, error: say};
  const {signal} = new AbortController();
  const port = {...rest, check: () => Promise.resolve(made.answer)};
  return {made, signal, checks: watchChecks(port, {log, signal, now: () => made.now})};
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
