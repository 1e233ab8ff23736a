import {expect, test} from '@jest/globals';
import {unlessNoneDone} from './none-done.ts';

const no = {target: 'wiki', result: 'refused', reason: 'it is a group'};
const yes = {target: 'desk', result: 'marked'};

test('where all that could be done was refused, it is no success', () => {
  const state = 'wiki: it is a group';
  const refusal = {kind: 'wrong-state', detail: `Nothing was done: ${state}.`, state};
  expect(unlessNoneDone([no], 'marked')).toEqual({ok: false, refusal});
  expect(unlessNoneDone([no, {target: 'desk', result: 'unknown'}], 'marked')).toEqual({ok: false, refusal});
  for (const results of [[no, yes], [yes], []])
    expect(unlessNoneDone(results, 'marked')).toEqual({ok: true, value: results});
});
