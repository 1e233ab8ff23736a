import {expect, test} from '@jest/globals';
import {mostAtOnce} from '../../../admin/api/schema/letters.ts';
import {asSeen, firstOf, tokenOfAll} from './seen.ts';

const many = (count: number, from = 0) => Array.from({length: count}, (_, i) => `l${from + i}`);
const tokenOf = (found: readonly string[]) => tokenOfAll(found.map((one) => [one]));
const at = (found: string[], token: string) => asSeen(found, {token, tokenOf, what: 'dead letters'});

test('of more than one action takes, the first are taken that the preview has shown, whatever comes behind them', () => {
  const shown = many(mostAtOnce + 1);
  const token = tokenOf(firstOf(shown));
  const first = {ok: true, value: many(mostAtOnce)};
  expect(at(shown, token)).toEqual(first);
  expect(at([...many(mostAtOnce), 'another'], token)).toEqual(first);
  expect(at(many(mostAtOnce), token)).toEqual(first);
});

test('where one of them came or went nothing is taken', () => {
  const token = tokenOf(firstOf(many(mostAtOnce + 1)));
  const stale = (count: number, says: string) => ({
    ok: false,
    refusal: {kind: 'stale-preview', count, detail: expect.stringContaining(`there are ${says} by now`)},
  });
  expect(at(many(mostAtOnce + 1, 1), token)).toMatchObject(stale(mostAtOnce + 1, 'more than 1000'));
  expect(at(many(3), token)).toMatchObject(stale(3, '3'));
});
