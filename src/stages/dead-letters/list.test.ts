import {expect, test} from '@jest/globals';
import {toJson} from '../../core/parked-json.ts';
import type {DeadLetter} from '../../core/parked.ts';
import type {LetterGroup} from './groups.ts';
import {listLetters, type Listed} from './list.ts';
import {compare, lineOf} from './pages.ts';

const perGroup = 50;
const groupIds = Array.from({length: 40}, (_, i) => `g${i}`);
const letterOf = (group: string, at: number): DeadLetter => ({
  ...{id: `${group}/${at}`, target: 'wiki', group, at, kind: 'snapshot', saysMembers: false, attempts: 1},
  ...{firstAt: 1, position: {source: 1, offset: at, occurredAt: at}},
  failure: {kind: 'rejected', cause: '400', message: 'refused'},
});

/** So many letters of each group, and what was asked for. */
function listed(ids: readonly string[]) {
  const lines = new Map(
    ids.map((id) => [lineOf(id), Array.from({length: perGroup}, (_, at) => letterOf(id, at))]),
  );
  const texts = new Map([...lines.values()].flat().map((letter) => [letter.id, toJson(letter)]));
  const asked = {places: 0, letters: 0};
  const from = {
    ...{key: '', groups: () => Promise.resolve(ids.map((id) => ({id, kind: 'rejected'}) as LetterGroup))},
    page: (line: string, _: object, after: {at: number; id: string} | undefined, most: number) => {
      const left = (lines.get(line) ?? []).filter((one) => !after || compare(one, after) > 0).slice(0, most);
      asked.places += most;
      return Promise.resolve(left.map(({id, at}) => ({id, at})));
    },
    redis: {
      hmget: (_: string, ...names: string[]) => {
        asked.letters += names.length;
        return Promise.resolve(names.map((name) => texts.get(name) ?? null));
      },
    },
  } as unknown as Listed;
  return {from, asked};
}

test('of a kind with many groups a page reads what it shows, and all pages show each letter once', async () => {
  const {from, asked} = listed(groupIds);
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    Object.assign(asked, {places: 0, letters: 0});
    const page = await listLetters(from, {cause: 'rejected', limit: 100, cursor});
    expect(asked.letters).toBeLessThanOrEqual(101);
    expect(asked.places).toBeLessThanOrEqual(101 * groupIds.length);
    seen.push(...page.letters.map(({id}) => id));
    cursor = page.cursor;
  } while (cursor !== undefined);
  expect([seen.length, new Set(seen).size]).toEqual([2000, 2000]);
});

test('where others stand among them more is read, until the page is full', async () => {
  const {from, asked} = listed(['other', 'g1']);
  const {letters} = await listLetters(from, {cause: '400', limit: 60});
  expect([letters.length, asked.letters]).toEqual([perGroup, perGroup]);
});
