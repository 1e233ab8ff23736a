import {expect, test} from '@jest/globals';
import {Assignment} from './assigned.ts';
import {Commits} from './commits.ts';
import {tellApart, waitsFor} from './store.ts';
import {Troubles} from './troubles.ts';
import type {Bookkeeping} from './types.ts';

const away = () => Promise.reject(new Error('OOM command not allowed'));
const store: Bookkeeping = {
  intern: away,
  load: away,
  nextIncarnation: away,
  saveWatermarks: away,
  epoch: away,
  runId: away,
  fsyncIntervalMs: 7,
};
const say = (): void => undefined;
const log = {debug: say, info: say, warn: say, error: say};

test('what the store throws waits for Redis, with its own words; anything else for Kafka', async () => {
  const bookkeeping = tellApart(store);
  const calls = [
    bookkeeping.intern('t', 0, 1),
    bookkeeping.load('t', 0),
    bookkeeping.nextIncarnation('t', 0),
    bookkeeping.saveWatermarks([]),
    bookkeeping.epoch(),
    bookkeeping.runId(),
  ];
  const errors = (await Promise.allSettled(calls)).map((one): unknown =>
    one.status === 'rejected' ? one.reason : one,
  );
  expect(errors.map(waitsFor)).toEqual(calls.map(() => 'redis'));
  expect(errors[0]).toMatchObject({message: 'OOM command not allowed'});
  expect(waitsFor(new Error('no broker'))).toBe('kafka');
  expect(bookkeeping.fsyncIntervalMs).toBe(7);
});

test('a commit that can not be made for the store is not Kafka’s', async () => {
  const troubles = new Troubles(log);
  const options = {bookkeeping: tellApart(store), log};
  const commits = new Commits({
    options,
    troubles,
    assignment: new Assignment(),
    restart: say,
    findVanished: () => Promise.resolve([]),
    commit: () => undefined,
  });
  await commits.round();
  expect(troubles.list()).toEqual([
    {message: 'Waiting to commit', reason: 'OOM command not allowed', waitsFor: 'redis'},
  ]);
});
