import {describe, expect, test} from '@jest/globals';
import {createLetterRetries} from '../../src/stages/dead-letters/retries.ts';
import {createRetryRunner} from '../../src/stages/dead-letters/runner.ts';
import {eventually} from '../support/eventually.ts';
import {decide, fill, foresee, letterOf, rig, started, toTheEnd} from './letter-retries-rig.ts';

const ignore = (): void => undefined;
const log = {debug: ignore, info: ignore, warn: ignore, error: ignore};

describe('the retry of a group', () => {
  test('reports each letter, closes what is overtaken with a record, and leaves what came later', async () => {
    const one = rig();
    const {letters, retries, audit, clock, place, key} = one;
    const group = await fill(one, 5);
    await decide(one, 'u2');
    const bare = letterOf(6);
    delete bare.record;
    await letters.add(bare);
    await started(one, group);
    clock.now += 1;
    await letters.add(letterOf(7));
    await letters.remove(['events/0/3']);
    await toTheEnd(retries, group);
    const progress = await retries.retryProgress(group);
    expect(progress).toMatchObject({
      ...{
        state: 'done',
        by: 'ann',
        reason: 'mended',
        total: 6,
        retried: 3,
        superseded: 1,
        gone: 0,
        refused: 1,
      },
      items: [
        {id: 'events/0/1', result: 'retried'},
        {id: 'events/0/2', result: 'superseded'},
        {id: 'events/0/4', result: 'retried'},
        {id: 'events/0/5', result: 'retried'},
        {id: 'events/0/6', result: 'refused', reason: expect.stringContaining('not kept')},
      ],
    });
    expect((await retries.retryProgress(group, progress?.after))?.items).toEqual([]);
    expect(audit).toMatchObject([{outcome: 'superseded', subject: 'u2', offset: 2}]);
    const left = await letters.list({});
    expect(left.letters.map(({id}) => id)).toEqual(['events/0/6', 'events/0/7']);
    expect(await place.redis.lrange(key('lane:u1'), 0, -1)).toEqual([
      expect.stringContaining('"force":true'),
    ]);
    expect(await retries.running()).toEqual([]);
    expect(await retries.stopRetry(group)).toBe(false);
  });

  test('a letter that is written anew after the preview is left', async () => {
    const one = rig();
    const {letters, retries, clock} = one;
    const group = await fill(one, 3);
    await started(one, group);
    clock.now += 1;
    await letters.add(letterOf(2, {at: clock.now}));
    await toTheEnd(retries, group);
    expect(await retries.retryProgress(group)).toMatchObject({state: 'done', total: 3, retried: 2});
    expect((await letters.list({})).letters).toMatchObject([{id: 'events/0/2', at: clock.now}]);
  });

  test('two who carry it out do each letter once', async () => {
    const one = rig();
    const group = await fill(one, 450);
    await decide(one, 'u7');
    await started(one, group);
    const others = [1, 2, 3].map(() => createLetterRetries(one.options));
    await Promise.all([one.retries, ...others].map((retries) => toTheEnd(retries, group)));
    const progress = await one.retries.retryProgress(group);
    expect(progress).toMatchObject({state: 'done', total: 450, retried: 449, superseded: 1, gone: 0});
    expect(new Set(progress?.items.map(({id}) => id)).size).toBe(450);
    expect(await one.parked()).toBe(449);
    expect(new Set(one.audit.map(({id}) => id)).size).toBe(1);
  });

  test.each(['before', 'after'])(
    'who dies in the middle, %s a step, leaves the rest to another',
    async (when) => {
      const one = rig();
      const group = await fill(one, 250);
      await decide(one, 'u1');
      await started(one, group);
      // The audit comes before each step, the wake after it: the process ends there.
      const dies = (): Promise<never> => Promise.reject(new Error('killed'));
      const dying = createLetterRetries({
        ...one.options,
        ...(when === 'before' ? {audit: {append: dies}} : {wake: dies}),
      });
      await expect(toTheEnd(dying, group)).rejects.toThrow('killed');
      expect(await one.retries.retryProgress(group)).toMatchObject({
        state: 'running',
        retried: when === 'before' ? 0 : 99,
      });
      const runner = createRetryRunner({
        target: 't',
        retries: one.retries,
        letters: one.letters,
        isOpen: () => true,
        log,
      });
      runner.start();
      const done = await eventually(async () => {
        const progress = await one.retries.retryProgress(group);
        return progress?.state === 'done' && progress;
      });
      await runner.stop();
      expect(done).toMatchObject({total: 250, retried: 249, superseded: 1, gone: 0, refused: 0});
      expect(await one.parked()).toBe(249);
      expect((await one.letters.list({})).letters).toEqual([]);
    },
  );

  test('stopped, the rest stays; started again, it goes on with the rest', async () => {
    const one = rig();
    const {retries} = one;
    const group = await fill(one, 250);
    await started(one, group);
    await retries.step(group);
    expect(await retries.stopRetry(group)).toBe(true);
    expect(await retries.step(group)).toBeUndefined();
    expect(await retries.retryProgress(group)).toMatchObject({state: 'stopped', total: 250, retried: 100});
    expect(await retries.previewRetry(group, foresee)).toMatchObject({count: 150});
    await started(one, group);
    await toTheEnd(retries, group);
    expect(await retries.retryProgress(group)).toMatchObject({state: 'done', total: 150, retried: 150});
    expect(await one.parked()).toBe(250);
  });

  test('goes no faster than the target bears, nor into full lanes; leavers wait for nothing', async () => {
    const one = rig();
    const group = await fill(one, 30);
    await started(one, group);
    const slow = createLetterRetries({...one.options, everyMs: 100, mostParked: 20});
    expect(await slow.step(group)).toBe(0);
    expect(await slow.step(group)).toBe(1000);
    expect(await one.parked()).toBe(10);
    one.clock.now += 1000;
    expect(await slow.step(group)).toBe(0);
    one.clock.now += 1000;
    expect(await slow.step(group)).toBeGreaterThan(0);
    expect(await one.parked()).toBe(20);
    await one.letters.add(letterOf(99, {kind: 'cutOff'}));
    const leavers = (await one.letters.groups()).find(({isCutOff}) => isCutOff)?.id ?? '';
    await started(one, leavers);
    await toTheEnd(slow, leavers);
    expect(await one.parked()).toBe(21);
  });

  test('what fails again is a new letter, and is not tried twice', async () => {
    const one = rig();
    const group = await fill(one, 150);
    await started(one, group);
    await one.retries.step(group);
    one.clock.now += 5;
    await Promise.all([1, 2, 3].map((offset) => one.letters.add(letterOf(offset))));
    await toTheEnd(one.retries, group);
    expect(await one.retries.retryProgress(group)).toMatchObject({retried: 150, total: 150});
    expect((await one.letters.groups())[0]).toMatchObject({id: group, count: 3, firstAt: one.clock.now});
  });
});
