import {expect, test} from '@jest/globals';
import type {HandEnd} from '../../core/hand.ts';
import {exitCodeOf, linesOf, outcomeOf} from './outcome.ts';

const step = {name: 'deactivate', verifiedAt: 0, remains: 'the console session, until 14:00'};
const receipt = {remoteId: 'r1', steps: [step], complete: true, missing: false};
const failure = (kind: string) => ({kind, cause: '503', message: 'not now'});
const proved: HandEnd = {at: 1, complete: true, receipt};
const none: HandEnd = {at: 1, complete: true, reason: 'it has no account here'};
const away: HandEnd = {at: 1, complete: false, failure: failure('unavailable')};
const half: HandEnd = {
  at: 1,
  complete: false,
  failure: failure('unavailable'),
  receipt: {...receipt, complete: false},
};
const refused: HandEnd = {at: 1, complete: false, failure: failure('rejected')};
const unseen: HandEnd = {
  ...{at: 1, complete: false, isUnseen: true, reason: 'none is known; not looked for by name'},
};
const spared: HandEnd = {at: 1, complete: false, reason: 'protected by the name r1'};

test.each<[string, (HandEnd | undefined)[], number]>([
  ['every receipt complete', [proved, none], 0],
  ['a target that is away', [proved, away], 3],
  ['one that is away, and one that refuses', [away, refused], 1],
  ['half of the steps', [half], 1],
  ['nobody came to an end', [undefined], 1],
  ['a protected account', [proved, spared], 1],
  ['one who could not be looked for', [proved, unseen], 1],
])('%s', (_what, ends, code) => {
  expect(exitCodeOf(ends.map((end) => outcomeOf('t', end)))).toBe(code);
});

test.each<[HandEnd | undefined, string[]]>([
  [proved, ['t: cut off, account r1', 'verified 1970', 'remains: the console session, until 14:00']],
  [none, ['t: it has no account here']],
  [unseen, ['NOT CUT OFF: none is known; not looked for by name', 'look there', 'none is made']],
  [half, ['NOT CUT OFF YET: not now (503)', 'deactivate: ended', 'goes on by itself']],
  [undefined, ['NOT CUT OFF YET', 'goes on by itself']],
  [spared, ['nothing was done: protected by the name r1']],
])('what is printed says what was ended, and what was not', (end, said) => {
  const text = linesOf(outcomeOf('t', end)).join('\n');
  for (const part of said) expect(text).toContain(part);
});
