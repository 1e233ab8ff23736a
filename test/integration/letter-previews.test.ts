import {describe, expect, test} from '@jest/globals';
import {decide, fill, foresee, letterOf, rig} from './letter-retries-rig.ts';

describe('the preview of a retry', () => {
  test('tells how many, what each would do, and closes with what it has seen', async () => {
    const one = rig();
    const group = await fill(one, 5);
    await decide(one, 'u2');
    const bare = letterOf(6);
    delete bare.record;
    await one.letters.add(bare);
    expect(await one.retries.previewRetry(group, foresee)).toMatchObject({
      ...{count: 6, looked: 6, group: {id: group}},
      would: [
        {does: 'account wanted', count: 4},
        {does: 'superseded', count: 1},
        {does: 'refused', count: 1},
      ],
    });
    const few = await one.retries.previewRetry(group, foresee, 2);
    expect(few).toMatchObject({
      count: 6,
      looked: 2,
      sample: [{id: 'events/0/1', subject: 'u1'}, {does: 'superseded'}],
    });
    expect(await one.retries.previewRetry('none', foresee)).toBeUndefined();
    expect(await one.parked()).toBe(0);
  });

  test('counts no more when a letter has come or gone since', async () => {
    const one = rig();
    const {letters, retries} = one;
    const group = await fill(one, 3);
    const start = (token = '') => retries.startRetry(group, token, {by: 'ann'});
    const first = await retries.previewRetry(group, foresee);
    await letters.add(letterOf(9));
    expect(await start(first?.token)).toEqual({result: 'stale', count: 4});
    const second = await retries.previewRetry(group, foresee);
    await letters.remove(['events/0/2']);
    expect(await start(second?.token)).toEqual({result: 'stale', count: 3});
    expect(await start('made up')).toEqual({result: 'stale', count: 3});
    expect(await retries.running()).toEqual([]);
    const third = await retries.previewRetry(group, foresee);
    expect(await start(third?.token)).toEqual({result: 'started'});
    expect(await start(third?.token)).toEqual({result: 'running'});
  });
});
