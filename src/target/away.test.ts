import {setTimeout as delay} from 'node:timers/promises';
import {expect, test} from '@jest/globals';
import {untilAway} from './away.ts';

const patienceMs = 200;

/** Whether it is found away at all, looked at for three times as long as is waited for an answer. */
async function isAway(ping: () => Promise<unknown>): Promise<boolean> {
  const ended = new AbortController();
  const away = untilAway(ping, ended.signal, patienceMs).then(() => true);
  const found = await Promise.race([away, delay(3 * patienceMs, false)]);
  ended.abort();
  return found;
}

const hangs = (): Promise<unknown> => new Promise(() => undefined);

test('a service that does not answer, or refuses, is away', async () => {
  expect(await isAway(hangs)).toBe(true);
  expect(await isAway(() => Promise.reject(new Error('refused')))).toBe(true);
});

test('one that answers, and one that is back in time, is not', async () => {
  expect(await isAway(() => Promise.resolve('PONG'))).toBe(false);
  let asked = 0;
  expect(await isAway(() => ((asked += 1) > 1 ? Promise.resolve('PONG') : hangs()))).toBe(false);
});
