import {expect, test} from '@jest/globals';
import {kindOf} from './kind.ts';
import {entryKind, plan} from './plan.ts';
import {createPolicy} from './policy.ts';
import type {Statement} from './statement.ts';

const about = {subject: 's', meta: {eventId: 'e', occurredAt: 1, source: 'hr'}};
const user = {id: 's', userName: 'ada', active: true};
const group = {id: 's', displayName: 'wiki'};
const statements: Statement[] = [
  {...about, kind: 'unknown'},
  {...about, kind: 'user', user},
  {...about, kind: 'user', user: {...user, groups: null}},
  {...about, kind: 'user', user: {...user, groups: []}},
  {...about, kind: 'user', user: {...user, active: false}},
  {...about, kind: 'group', group},
  {...about, kind: 'group', group: {...group, members: null}},
  {...about, kind: 'group', group: {...group, members: []}},
  {...about, kind: 'membership', added: ['u'], removed: []},
  {...about, kind: 'deletion', of: 'user'},
  {...about, kind: 'deletion', of: 'group'},
  {...about, kind: 'deletion', of: 'unknown'},
];

test('the kind of a statement is that of its plan, with and without a scope', () => {
  const everyone = createPolicy({scope: {}, attributes: {}});
  const nobody = createPolicy({
    scope: {users: 'title eq "x"', groups: 'displayName eq "x"'},
    attributes: {},
  });
  for (const statement of statements) {
    expect(kindOf(statement, everyone, false)).toEqual(entryKind(plan(statement, everyone)));
    expect(kindOf(statement, nobody, true)).toEqual(entryKind(plan(statement, nobody)));
  }
});
