import {expect, test} from '@jest/globals';
import {createJournal, type Journal} from './journal.ts';

/** `g` holds, or does not hold, `p`: what was said in this order. `+` and `-`: by a delta; `[]`: by their own empty list. */
const words = {
  'p comes': ['p', true, undefined],
  'p leaves': ['p', false, 'ended'],
  'p []': ['p', true, 'out'],
  'p [g], out of scope': ['p', false, 'in'],
  'g is made': ['g', true, undefined],
  'g is deleted': ['g', false, 'ended'],
  'g +p': ['g', true, 'in'],
  'g -p': ['g', true, 'out'],
} as const;

function said(...all: (keyof typeof words)[]): Journal {
  const journal = createJournal();
  for (const [at, word] of all.entries()) {
    const [subject, isThere, news] = words[word];
    journal.note(subject, {at, isThere, says: () => news});
  }
  return journal;
}

const nobody = (): boolean => false;
const unknown = (): undefined => undefined;

test.each<[string, (keyof typeof words)[]]>([
  ['in', ['g is made', 'g +p', 'p comes']],
  ['in', ['g is made', 'p comes', 'p []', 'g +p']],
  ['out', ['g is made', 'p comes', 'g +p', 'p []']],
  ['out', ['p comes', 'g +p', 'g -p']],
  ['out', ['p comes', 'g +p', 'p leaves']],
  ['either', ['p comes', 'g +p', 'p leaves', 'p comes']],
  ['out', ['p comes', 'g +p', 'p []', 'p leaves', 'p comes']],
  ['in', ['p comes', 'g is made', 'p leaves', 'g +p', 'p comes']],
  ['either', ['p comes', 'g +p', 'g is deleted', 'g is made']],
])('%s after %j', (standing, all) => {
  expect(said(...all).standing('g', 'p', unknown)).toBe(standing);
});

test('an end that was carried out counts', () => {
  const back = said('p comes', 'g +p', 'p leaves', 'p comes');
  expect(back.standing('g', 'p', () => true)).toBe('out');
});

test('what is shown goes back when nothing newer explains it, on either side', () => {
  const once = said('p comes', 'g +p', 'g -p');
  expect(once.firstBackwards('g', 'p', [true, false], nobody)).toBeUndefined();
  expect(once.firstBackwards('g', 'p', [true, false, true], nobody)).toBe(2);
  const twice = said('p comes', 'g +p', 'p []', 'g +p');
  expect(twice.firstBackwards('g', 'p', [true, false, true], nobody)).toBeUndefined();
  expect(twice.firstBackwards('g', 'p', [true, false, true, false], nobody)).toBe(3);
});

test('who is held is there until that is decided', () => {
  const held = said('g is made', 'p comes', 'p [g], out of scope');
  expect(held.firstBackwards('g', 'p', [true], nobody)).toBe(0);
  expect(held.firstBackwards('g', 'p', [true, false], (_, at) => at === 2)).toBeUndefined();
});
