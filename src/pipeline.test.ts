import {afterEach, beforeEach, expect, jest, test} from '@jest/globals';
import {failed, ok, type Failure, type Result} from './core/failure.ts';
import {Gate} from './core/gate.ts';
import type {Pauses} from './core/pause.ts';
import type {CheckReport, TargetPort} from './core/port.ts';
import {Window} from './core/window.ts';
import {createPipeline, type Pipeline} from './pipeline.ts';

const nothing = (): void => undefined;
const done = (): Promise<void> => Promise.resolve();
let gate: Gate;
let pipeline: Pipeline;
let told: string[] = [];
let warned: string[] = [];
const check = jest.fn<TargetPort['check']>();
const read = jest.fn<Pauses['read']>();
const wake = jest.fn();
const sweep = jest.fn<() => Promise<void>>();
const stopLanes = jest.fn<() => Promise<void>>();
const hasRoom = jest.fn<() => Promise<boolean>>();

beforeEach(() => {
  jest.useFakeTimers();
  told = [];
  warned = [];
  check.mockReset();
  hasRoom.mockReset();
  read.mockReset().mockResolvedValue(undefined);
  wake.mockReset();
  sweep.mockReset().mockResolvedValue();
  stopLanes.mockReset().mockResolvedValue();
  const settings = {failures: 5, probeBaseDelayMs: 100, probeMaxDelayMs: 1000};
  gate = new Gate(settings, Date.now, (state) => pipeline.gateChanged(state));
  pipeline = createPipeline({
    target: 'here',
    port: {check} as Partial<TargetPort> as TargetPort,
    gate,
    window: new Window({maxChanges: 1, maxBytes: 1, coalesce: true}),
    source: {start: done, stopReading: nothing, stop: done, setHolding: nothing},
    dispatcher: {wake, sweep, drain: done, renew: done, workLane: done, hasRoom},
    lanes: {start: done, stop: stopLanes},
    pauses: {read},
    untilStoreAway: () => new Promise(nothing),
    pauseIntervalMs: 1000,
    log: {
      debug: nothing,
      info: nothing,
      warn: (_fields, message) => void warned.push(message),
      error: (_fields, message) => void told.push(message),
    },
    now: Date.now,
    abort: new AbortController(),
    sweepIntervalMs: 5000,
    renewIntervalMs: 5000,
  });
});
afterEach(() => {
  jest.useRealTimers();
});

const down: Failure = {kind: 'unavailable', message: 'down', cause: '503'};
const answers: Result<CheckReport> = ok({summary: 'it answers'});

test('a probe that is told to wait is repeated no sooner', async () => {
  check.mockResolvedValueOnce(failed({...down, kind: 'throttled', cause: '429', retryAfterMs: 7000}));
  check.mockResolvedValue(answers);
  gate.close('503', 'down');
  await jest.advanceTimersByTimeAsync(101);
  expect(check).toHaveBeenCalledTimes(1);
  await jest.advanceTimersByTimeAsync(6900);
  expect(check).toHaveBeenCalledTimes(1);
  await jest.advanceTimersByTimeAsync(101);
  expect(check).toHaveBeenCalledTimes(2);
  expect(gate.open).toBe(true);
});

test('a check that throws shuts the gate again, is told, and is probed again', async () => {
  check.mockRejectedValueOnce(new Error('a bug')).mockResolvedValue(answers);
  gate.close('503', 'down');
  await jest.advanceTimersByTimeAsync(101);
  expect(gate.state).toMatchObject({state: 'shut', cause: 'exception'});
  expect(told).toEqual(['unexpected exception in a probe of the target']);
  await jest.advanceTimersByTimeAsync(201);
  expect(gate.open).toBe(true);
});

test('lanes that are full are looked at until they have room, and the target is not asked', async () => {
  hasRoom
    .mockResolvedValueOnce(false)
    .mockRejectedValueOnce(new Error('Redis is away'))
    .mockResolvedValue(true);
  gate.fill('full', 'so many are parked');
  await jest.advanceTimersByTimeAsync(250);
  expect(hasRoom).toHaveBeenCalledTimes(2);
  expect(gate.open).toBe(false);
  await jest.advanceTimersByTimeAsync(100);
  expect(gate.open).toBe(true);
  expect(check).not.toHaveBeenCalled();
});

const pause = {by: 'ops@desk', at: 5};

test('a pause is known before anything is read or asked, obeyed while it lasts, and over when Redis has it no more', async () => {
  read.mockRejectedValueOnce(new Error('Redis is loading')).mockResolvedValue(pause);
  let isStarted = false;
  const starting = pipeline.start().then(() => (isStarted = true));
  await jest.advanceTimersByTimeAsync(1);
  expect({isStarted, open: gate.open}).toEqual({isStarted: false, open: true});
  await jest.advanceTimersByTimeAsync(1000);
  await starting;
  expect(gate.state).toMatchObject({state: 'shut', cause: 'paused', isPaused: true});
  await jest.advanceTimersByTimeAsync(60_000);
  expect(warned.filter((line) => line.startsWith('paused'))).toHaveLength(1);
  pipeline.reopen();
  expect(check).not.toHaveBeenCalled();
  read.mockRejectedValueOnce(new Error('Redis is away')).mockResolvedValue(undefined);
  await jest.advanceTimersByTimeAsync(1001);
  expect(gate.open).toBe(false);
  wake.mockReset();
  await jest.advanceTimersByTimeAsync(1000);
  expect(gate.open).toBe(true);
  expect(wake).toHaveBeenCalled();
  await pipeline.stop(100);
});

test('a shut gate that is paused is not probed; resumed, it is at once', async () => {
  check.mockResolvedValue(answers);
  gate.close('503', 'down');
  gate.pause(pause);
  await jest.advanceTimersByTimeAsync(5000);
  expect(check).not.toHaveBeenCalled();
  gate.resume();
  await jest.advanceTimersByTimeAsync(2);
  expect(gate.open).toBe(true);
});

test('Redis that does not answer is asked once at a time', async () => {
  const {promise, resolve} = Promise.withResolvers<undefined>();
  await pipeline.start();
  read.mockReset().mockReturnValue(promise);
  await jest.advanceTimersByTimeAsync(10_000);
  expect(read).toHaveBeenCalledTimes(1);
  resolve(undefined);
  await pipeline.stop(100);
});

test('what is closed is closed behind a sweep that is under way', async () => {
  await pipeline.start();
  const swept = Promise.withResolvers<undefined>();
  sweep.mockReturnValue(swept.promise);
  await jest.advanceTimersByTimeAsync(5000);
  const stopping = pipeline.stop(10_000);
  await jest.advanceTimersByTimeAsync(1);
  expect(stopLanes).not.toHaveBeenCalled();
  swept.resolve(undefined);
  await stopping;
  expect(stopLanes).toHaveBeenCalledTimes(1);
});

test('a sweep that does not end, as Redis is away, does not keep a stop from its end', async () => {
  await pipeline.start();
  sweep.mockReturnValue(new Promise(nothing));
  await jest.advanceTimersByTimeAsync(5000);
  jest.useRealTimers();
  await pipeline.stop(20);
  expect(stopLanes).toHaveBeenCalledTimes(1);
});
