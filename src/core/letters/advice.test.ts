import {readFileSync} from 'node:fs';
import {expect, test} from '@jest/globals';
import {failureKinds} from '../failure.ts';
import {adviceFor, adviceOfKind, adviceRules} from './advice.ts';

test.each([
  [{kind: 'conflict', cause: '409 uniqueness'}, /another account/i],
  [
    {kind: 'rejected', cause: '400 E0000001 login', says: 'login: An object with this field already exists'},
    /another account/i,
  ],
  [{kind: 'rejected', cause: '409 LimitExceeded'}, /quota/],
  [{kind: 'conflict', cause: 'another externalId'}, /cut-off ID/],
  [{kind: 'conflict', cause: 'id of another kind'}, /another id at the source/],
  [{kind: 'undecodable', cause: 'undecodable: mapping of title'}, /events try/],
  [{kind: 'undecodable', cause: 'undecodable: schema does not resolve'}, /schema/],
  [{kind: 'undecodable', cause: 'undecodable eventId'}, /not an event/],
  [{kind: 'rejected', cause: '400 mutability'}, /onlyOnCreate/],
  [{kind: 'rejected', cause: '400 invalidPath'}, /profile/],
  [{kind: 'unavailable', cause: '404 not Okta'}, /address/],
  [{kind: 'bug', cause: 'exception'}, /report/],
] as const)('%j', (cause, says) => {
  expect(adviceFor({message: '', ...cause})).toMatch(says);
});

test('each kind has advice, and each rule is one sentence or a few', () => {
  for (const kind of [...failureKinds, 'other' as const])
    expect(adviceFor({kind, cause: 'x', message: ''})).toBe(adviceOfKind[kind]);
  for (const {advice} of adviceRules) expect(advice).toMatch(/^[A-Z].*[.)]$/s);
});

test('the documents list all of it, and nothing else', () => {
  const page = readFileSync(new URL('../../../docs/dead-letters.md', import.meta.url), 'utf8');
  const table = [...page.matchAll(/^\| .* \| ([A-Z].*?) +\|$/gm)].map(([, advice]) => advice);
  expect(table).toEqual([...adviceRules.map(({advice}) => advice), ...Object.values(adviceOfKind)]);
});
