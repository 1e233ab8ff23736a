import {describe, expect, test} from '@jest/globals';
import type {User} from './event.ts';
import {createProtection} from './protection.ts';
import type {Statement} from './statement.ts';

const meta = {eventId: 'e', occurredAt: 1, source: 'hr'};
const event = (more: Partial<User> = {}): Statement => ({
  kind: 'user',
  subject: 'u1',
  meta,
  user: {id: 'u1', userName: 'Ada@example.com', active: true, ...more},
});
const rules = (more: Partial<Parameters<typeof createProtection>[0]>) =>
  createProtection({names: [], filters: [], groups: [], ...more});

describe('what an event says', () => {
  test.each<[string, Parameters<typeof rules>[0], Statement, string | undefined]>([
    ['nothing protects', {}, event(), undefined],
    ['a user name, whatever its case', {names: ['ada@EXAMPLE.com']}, event(), 'the name Ada@example.com'],
    ['another name', {names: ['ada']}, event(), undefined],
    [
      'one of the filters',
      {filters: ['userType eq "x"', 'title sw "Root"']},
      event({title: 'root operator'}),
      'the filter title sw "Root"',
    ],
    [
      'an own attribute',
      {filters: ['attributes.tier eq "0"']},
      event({attributes: {tier: '0'}}),
      'the filter attributes.tier eq "0"',
    ],
    ['silence is no protection', {filters: ['not (title pr)']}, event(), undefined],
    [
      'a leave is asked alike',
      {names: ['ada@example.com']},
      event({active: false}),
      'the name Ada@example.com',
    ],
    [
      'a deletion says nothing',
      {names: ['u1']},
      {kind: 'deletion', of: 'user', subject: 'u1', meta},
      undefined,
    ],
    [
      'a group is no account',
      {names: ['g']},
      {kind: 'group', subject: 'g', meta, group: {id: 'g', displayName: 'g'}},
      undefined,
    ],
  ])('%s', (_what, protects, statement, rule) => {
    expect(rules(protects).ofStatement(statement)).toBe(rule);
  });
});

test('what the target would be told protects too', () => {
  expect(rules({names: ['svc']}).ofStatement(event(), {userName: 'SVC'})).toBe('the name SVC');
});

describe('the account itself', () => {
  const account = {id: 'r1', attributes: {userName: 'ada@example.com', userType: 'Service'}};
  test.each<[string, Parameters<typeof rules>[0], string | undefined]>([
    ['its id', {names: ['r1']}, 'the name r1'],
    ['not its id in another case', {names: ['R1']}, undefined],
    ['its user name', {names: ['ada@example.com']}, 'the name ada@example.com'],
    ['a filter', {filters: ['userType eq "service"']}, 'the filter userType eq "service"'],
    [
      'what it does not have is known to be nothing',
      {filters: ['not (title pr)']},
      'the filter not (title pr)',
    ],
  ])('%s', (_what, protects, rule) => {
    expect(rules(protects).ofAccount(account)).toBe(rule);
  });

  test('is read only where a rule needs it', () => {
    expect(rules({groups: ['g']}).readsAccounts).toBe(false);
    expect(rules({names: ['a']}).readsAccounts).toBe(true);
    expect(rules({filters: ['active eq true']}).readsAccounts).toBe(true);
  });
});
