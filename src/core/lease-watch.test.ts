import {expect, test} from '@jest/globals';
import {LeaseWatch} from './lease-watch.ts';

/** A watch of leases that are sure for 100 ms, and its clocks. */
function rig() {
  const clocks = {steady: 0, time: 5000};
  const stop = new AbortController();
  const {signal} = stop;
  const watch = new LeaseWatch({
    ...{sureMs: 100, stop: signal},
    ...{steadyMs: () => clocks.steady, now: () => clocks.time},
  });
  const pass = (ms: number, asleepMs = 0): void => {
    clocks.steady += ms;
    clocks.time += ms + asleepMs;
  };
  return {watch, stop, pass, clocks};
}

test('renewed in time, what is leased goes on', () => {
  const {watch, pass} = rig();
  const {signal} = watch;
  for (let i = 0; i < 5; i += 1) {
    pass(60);
    watch.check();
    watch.renewed(watch.clocks());
  }
  expect(signal.aborted).toBe(false);
  expect(watch.signal).toBe(signal);
});

test.each([
  ['a process that stood still', 101, 0],
  ['a machine that was asleep', 1, 100],
])('%s goes on with nothing of before, and with what it leases then', (_, ms, asleepMs) => {
  const {watch, pass} = rig();
  const {signal} = watch;
  pass(ms, asleepMs);
  expect(signal.aborted).toBe(false);
  watch.check();
  expect(signal.aborted).toBe(true);
  expect(watch.signal.aborted).toBe(false);
});

test('a renewal counts from when it began, and a late one takes nothing back', () => {
  const {watch, pass} = rig();
  const begun = watch.clocks();
  pass(60);
  watch.renewed(watch.clocks());
  watch.renewed(begun);
  pass(60);
  const {signal} = watch;
  watch.check();
  expect(signal.aborted).toBe(false);
  pass(60);
  watch.check();
  expect(signal.aborted).toBe(true);
});

test('a stop aborts what is leased, and whatever comes after it', () => {
  const {watch, stop, pass} = rig();
  const {signal} = watch;
  stop.abort();
  expect(signal.aborted).toBe(true);
  pass(200);
  watch.check();
  expect(watch.signal.aborted).toBe(true);
});
