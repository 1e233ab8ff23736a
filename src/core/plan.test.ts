import {describe, expect, test} from '@jest/globals';
import type {User} from './event.ts';
import {entryKind, MANAGER, plan, type Policy} from './plan.ts';
import {createPolicy} from './policy.ts';
import type {Statement} from './statement.ts';
import {ENTERPRISE} from './resource.ts';

const meta = {eventId: 'e', occurredAt: 1, source: 'hr'};
const everyone = createPolicy({scope: {}, attributes: {}});
const engineers = createPolicy({
  scope: {users: 'active eq true and department eq "Engineering"'},
  attributes: {},
});
const ada = (more: Partial<User> = {}): Statement => ({
  kind: 'user',
  subject: 'u1',
  meta,
  user: {id: 'u1', userName: 'ada', active: true, enterprise: {department: 'Engineering'}, ...more},
});
const of = (statement: Statement, policy: Policy = everyone) => {
  const planned = plan(statement, policy);
  return {planned, ...entryKind(planned)};
};

describe('plan', () => {
  test('a user in scope is wanted; a leaver goes first', () => {
    expect(of(ada())).toMatchObject({kind: 'snapshot', saysMembers: false, planned: {op: 'user'}});
    expect(of(ada({active: false}))).toMatchObject({kind: 'cutOff', planned: {op: 'leave', isUrgent: true}});
  });

  test('a filter on active does not hide a leaver; who is out of scope is unwanted, and not urgent', () => {
    const left = of(ada({active: false}), engineers).planned;
    expect(left).toMatchObject({op: 'leave'});
    expect(left).not.toHaveProperty('byScope');
    const moved = of(ada({enterprise: {department: 'Sales'}}), engineers);
    expect(moved).toMatchObject({
      kind: 'snapshot',
      planned: {op: 'leave', byScope: true, wanted: {attributes: {active: false}}},
    });
  });

  test('out of scope, what was said of memberships before stays; a leave ends it, out of scope too', () => {
    const sales = {enterprise: {department: 'Sales'}};
    expect(of(ada(sales), engineers).saysMembers).toBe(false);
    expect(of(ada({...sales, groups: ['g1']}), engineers)).toMatchObject({
      saysMembers: true,
      planned: {lists: {whole: ['g1']}},
    });
    expect(of(ada({...sales, active: false}), engineers).saysMembers).toBe(true);
  });

  test('a leaver who is out of scope by then is still urgent', () => {
    expect(of(ada({active: false, enterprise: null}), engineers).kind).toBe('cutOff');
  });

  test('a rule changes nobody’s scope', () => {
    const attributes = {[`${ENTERPRISE}:department`]: {omit: true}} as const;
    const policy = createPolicy({scope: {users: 'department eq "Engineering"'}, attributes});
    const {planned} = of(ada(), policy);
    expect(planned).toMatchObject({op: 'user'});
    expect(planned).not.toHaveProperty('byScope');
  });

  test.each([
    ['department', {enterprise: {}}],
    ['the whole extension', {enterprise: undefined}],
  ])('a writer that knows no %s puts nobody out; what is null does', (_name, more) => {
    expect(of(ada(more), engineers)).toMatchObject({
      kind: 'none',
      planned: {do: 'skip', reason: expect.stringContaining(`says nothing of: ${ENTERPRISE}:department`)},
    });
    const leaver = of(ada({...more, active: false}), engineers);
    expect(leaver).toMatchObject({kind: 'cutOff', planned: {op: 'leave'}});
    expect(leaver.planned).not.toHaveProperty('byScope');
    expect(of(ada({enterprise: null}), engineers).planned).toMatchObject({op: 'leave', byScope: true});
  });

  test('a group whose scope asks for what groups have not is left alone', () => {
    const policy = createPolicy({scope: {groups: 'not (title eq "x")'}, attributes: {}});
    const group: Statement = {kind: 'group', subject: 'g', meta, group: {id: 'g', displayName: 'G'}};
    expect(of(group, policy).planned).toMatchObject({do: 'skip'});
  });

  describe('the event’s own attributes', () => {
    const policy = createPolicy({
      scope: {users: 'attributes.site eq "Paris"'},
      attributes: {userType: {from: 'attributes.kind'}, nickName: {from: 'attributes.constructor'}},
    });

    test('are read by rules and scope; what is not in the map is cleared', () => {
      const {planned} = of(ada({attributes: {site: 'paris', kind: 'Guest'}}), policy);
      expect(planned).toMatchObject({op: 'user', wanted: {attributes: {userType: 'Guest', nickName: null}}});
      expect(JSON.stringify(planned)).not.toContain('attributes.');
      expect(of(ada({attributes: {site: 'Rome'}}), policy).planned).toMatchObject({byScope: true});
      expect(of(ada({attributes: {}}), policy).planned).toMatchObject({byScope: true});
    });

    test('without a map nothing is said of any', () => {
      expect(of(ada(), policy).planned).toMatchObject({
        do: 'skip',
        reason: expect.stringContaining('attributes.site'),
      });
      const open = createPolicy({scope: {}, attributes: {userType: {from: 'attributes.kind'}}});
      const {planned} = of(ada({userType: 'x'}), open);
      expect(planned.do === 'claim' && planned.wanted?.attributes).not.toHaveProperty('userType');
    });
  });

  test('what a value leaves out of itself is not said either, and puts nobody out', () => {
    const atWork = createPolicy({
      scope: {users: 'emails[type eq "work"] or name.familyName eq "B"'},
      attributes: {},
    });
    const value = 'ada@example.com';
    const of = (more: Partial<User>) => plan(ada({name: {familyName: 'A'}, ...more}), atWork);
    expect(of({emails: [{value}]})).toEqual({
      do: 'skip',
      reason: expect.stringMatching(/says nothing of: emails\.type$/),
    });
    expect(of({emails: [{value, type: null}]})).toMatchObject({op: 'leave', byScope: true});
    expect(of({emails: []})).toMatchObject({op: 'leave', byScope: true});
    expect(of({emails: [{value}, {value, type: 'work'}]})).toMatchObject({op: 'user'});
    expect(of({emails: [{value}], name: {familyName: 'B'}})).toMatchObject({op: 'user'});
    expect(of({emails: [{value}], active: false})).toMatchObject({op: 'leave', isUrgent: true});
    expect(of({emails: [{value}], active: false})).not.toHaveProperty('byScope');
  });

  test('the groups of a user and the members of a group are whole lists; null says nothing', () => {
    expect(of(ada({groups: []})).saysMembers).toBe(true);
    expect(of(ada({groups: null})).saysMembers).toBe(false);
    const group: Statement = {
      kind: 'group',
      subject: 'g',
      meta,
      group: {id: 'g', displayName: 'G', members: ['u1']},
    };
    expect(of(group)).toMatchObject({
      kind: 'snapshot',
      saysMembers: true,
      planned: {op: 'group', lists: {whole: ['u1']}},
    });
  });

  test.each([
    ['user', 'leave', 'cutOff'],
    ['group', 'ungroup', 'end'],
    ['unknown', 'gone', 'cutOff'],
  ] as const)('the deletion of a %s', (kind, op, entry) => {
    expect(of({kind: 'deletion', subject: 's', meta, of: kind})).toMatchObject({kind: entry, planned: {op}});
  });

  test('rules stand over the default mapping: a constant, another attribute, nothing', () => {
    const rules = {
      userType: {value: 'Employee'},
      nickName: {from: 'userName'},
      displayName: {omit: true},
    } as const;
    const {planned} = of(ada({displayName: 'Ada'}), createPolicy({scope: {}, attributes: rules}));
    const attributes = planned.do === 'claim' ? planned.wanted?.attributes : undefined;
    expect(attributes).toMatchObject({userType: 'Employee', nickName: 'ada'});
    expect(attributes).not.toHaveProperty('displayName');
  });

  test('a manager is their subject id until the target knows them', () => {
    const {planned} = of(ada({enterprise: {managerId: 'boss'}}));
    expect(planned).toMatchObject({wanted: {managerId: 'boss', attributes: {[MANAGER]: {value: 'boss'}}}});
    const without = of(ada({enterprise: {managerId: null}})).planned;
    expect(without).toMatchObject({wanted: {attributes: {[`${ENTERPRISE}:manager`]: null}}});
  });

  test('a changed mapping changes the fingerprint', () => {
    const other = createPolicy({scope: {}, attributes: {userType: {value: 'x'}}});
    const fingerprint = (policy: Policy) => {
      const planned = plan(ada(), policy);
      return planned.do === 'claim' ? planned.wanted?.fingerprint.toString('hex') : undefined;
    };
    expect(fingerprint(other)).not.toBe(fingerprint(everyone));
  });

  test('a target without groups skips what is said of them, lets nobody in or out by it, and takes people', () => {
    const alone = createPolicy({scope: {}, attributes: {}, hasNoGroups: true});
    const group = {kind: 'group', subject: 'g1', meta, group: {id: 'g1', displayName: 'Staff'}} as const;
    const skip = {do: 'skip', reason: 'this target has no groups'};
    expect(of(group, alone).planned).toEqual(skip);
    expect(of({kind: 'membership', subject: 'g1', meta, added: ['u1'], removed: []}, alone).planned).toEqual(
      skip,
    );
    expect(of({kind: 'deletion', of: 'group', subject: 'g1', meta}, alone).planned).toEqual(skip);
    expect(of(ada({groups: ['g1']}), alone).planned).toMatchObject({op: 'user', lists: {}});
    expect(of({kind: 'deletion', of: 'unknown', subject: 'u1', meta}, alone).planned).toMatchObject({
      op: 'gone',
    });
  });
});
