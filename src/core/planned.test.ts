import {describe, expect, test} from '@jest/globals';
import type {User} from './event.ts';
import {createdOf, entryKind, plan, type AttributeRule} from './plan.ts';
import {planMapped} from './planned.ts';
import {createPolicy} from './policy.ts';
import {ENTERPRISE, type Json} from './resource.ts';
import type {Statement} from './statement.ts';

const ada = (more: Partial<User> = {}): Statement => ({
  kind: 'user',
  subject: 'u1',
  meta: {eventId: 'e', occurredAt: 1, source: 'hr'},
  user: {
    id: 'u1',
    userName: 'ada',
    active: true,
    name: {givenName: 'Ada', familyName: 'Byron'},
    enterprise: {department: 'Engineering'},
    emails: [
      {value: 'ada@home.example', type: 'home', primary: true},
      {value: 'ada@example.com', type: 'work'},
    ],
    attributes: {grade: '7'},
    ...more,
  },
});
const policyOf = (attributes: Record<string, AttributeRule>, users?: string) =>
  createPolicy({scope: {users}, attributes});
const planOf = async (
  attributes: Record<string, AttributeRule>,
  statement: Statement = ada(),
  users?: string,
) => {
  const planned = await planMapped(statement, policyOf(attributes, users));
  if (!planned.ok) throw new Error(planned.failure.message);
  return planned.value.do === 'claim' ? planned.value : undefined;
};
const wantedOf = async (attributes: Record<string, AttributeRule>, statement?: Statement) => {
  const wanted = (await planOf(attributes, statement))?.wanted;
  if (!wanted) throw new Error('nobody is wanted');
  return wanted;
};

describe('an expression of a mapping', () => {
  test.each<[string, string, Json | undefined]>([
    ['nickName', 'name.givenName & " " & $uppercase(name.familyName)', 'Ada BYRON'],
    ['nickName', 'title ?? ""', null],
    ['nickName', 'title', undefined],
    ['nickName', 'name.middleName', null],
    ['displayName', 'attributes.grade & "/" & enterprise.department', '7/Engineering'],
    ['emails', 'emails[type = "work"]', [{value: 'ada@example.com', type: 'work'}]],
    [
      'emails',
      'emails.{"value": value, "primary": true}',
      [{value: 'ada@home.example', primary: true}, {value: 'ada@example.com'}],
    ],
    ['emails', '[]', null],
    ['name', '{"givenName": name.givenName, "middleName": null}', {givenName: 'Ada'}],
    ['name.givenName', '$lowercase(name.givenName)', 'ada'],
    ['urn:example:Person:grade', '$number(attributes.grade)', 7],
    ['urn:example:Person:levels', '[attributes.grade, {"a": [true]}]', ['7', {a: [true]}]],
    [`${ENTERPRISE}:costCenter`, 'enterprise.department', 'Engineering'],
  ])('%s: %s', async (path, expression, value) => {
    const {attributes} = await wantedOf({[path]: {expression}});
    expect(attributes[path]).toEqual(value);
    expect(Object.hasOwn(attributes, path)).toBe(value !== undefined);
  });

  test.each([
    ['nickName', '1 + 1', 'mapping of nickName: expected a text, found a number, in 1 + 1'],
    [
      'userName',
      'name.middleName',
      'mapping of userName: expected a text, found nothing, in name.middleName',
    ],
    ['externalId', '""', /^mapping of externalId: expected a text/],
    ['emails', '"x"', /^mapping of emails: expected a list of {value, display, type, primary}, found a text/],
    ['emails', '{"vale": "x"}', /^mapping of emails: expected a list/],
    ['emails', '{"value": 1}', /^mapping of emails: expected a list/],
    ['addresses', '{"primary": "yes"}', /^mapping of addresses: expected a list of addresses/],
    ['name', '"Ada"', /^mapping of name: expected an object of texts, found a text/],
    ['nickName', '$uppercase', 'mapping of nickName: column 1: the result is a function, in $uppercase'],
    ['nickName', '1 / 0', /^mapping of nickName: column 1: the result is not a number/],
    ['nickName', '$number(userName)', /^mapping of nickName: column 1: what is to become a number is none/],
  ])('that gives %s something else is the event’s failure: %s', async (path, expression, message) => {
    const planned = await planMapped(
      ada(),
      policyOf({[path]: {expression}, title: {expression: 'userName'}}),
    );
    expect(planned).toMatchObject({
      ok: false,
      failure: {
        kind: 'undecodable',
        cause: `undecodable: mapping of ${path}`,
        message: typeof message === 'string' ? message : expect.stringMatching(message),
      },
    });
    expect(!planned.ok && planned.failure.message).not.toMatch(/ada|Byron/);
  });

  test('says nothing where it gives nothing and the writer’s schema lacks what it reads', async () => {
    const rules = {nickName: {expression: 'enterprise.department'}};
    const silent = await wantedOf(rules, ada({enterprise: undefined}));
    expect(silent.attributes).not.toHaveProperty('nickName');
    expect((await wantedOf(rules, ada({enterprise: null}))).attributes['nickName']).toBeNull();
  });

  test('must give what an account is found by, whatever is said', async () => {
    const silent = ada({displayName: undefined});
    const planned = await planMapped(silent, policyOf({userName: {expression: 'displayName'}}));
    expect(planned).toMatchObject({
      failure: {message: 'mapping of userName: expected a text, found nothing, in displayName'},
    });
  });

  test('is not asked where nobody is wanted, and a target without one is planned at once', async () => {
    const broken = {nickName: {expression: '$error("x")'}};
    const moved = await planOf(
      broken,
      ada({enterprise: {department: 'Sales'}}),
      'department eq "Engineering"',
    );
    expect(moved).toMatchObject({op: 'leave', byScope: true});
    expect(planMapped(ada(), policyOf({}))).toMatchObject({ok: true});
    const group: Statement = {...ada(), kind: 'group', group: {id: 'u1', displayName: 'x'}};
    expect(planMapped(group, policyOf(broken))).toMatchObject({ok: true});
  });

  test('a changed one is a changed mapping', async () => {
    const [one, other] = await Promise.all([
      wantedOf({nickName: {expression: 'userName'}}),
      wantedOf({nickName: {expression: '(userName)'}}),
    ]);
    expect(one.attributes).toEqual(other.attributes);
    expect(one.fingerprint).not.toEqual(other.fingerprint);
  });
});

describe('a leaver whose mapping fails', () => {
  const left = ada({active: false, externalId: 'e-7'});
  const broken: AttributeRule = {expression: '$error("x")'};

  test('is cut off all the same, by their identity alone', async () => {
    const planned = await planOf({nickName: broken, userName: {expression: '$uppercase(userName)'}}, left);
    expect(planned).toMatchObject({
      op: 'leave',
      isUrgent: true,
      mappingFailure: {kind: 'undecodable', cause: 'undecodable: mapping of nickName'},
    });
    expect(planned?.wanted?.attributes).toEqual({active: false, userName: 'ADA', externalId: 'e-7'});
  });

  test('whose identity can not be told is looked for by what can', async () => {
    const planned = await planOf({userName: broken, externalId: broken}, left);
    expect(planned?.wanted?.attributes).toEqual({active: false});
  });

  test('goes first in the window without a mapping', () => {
    expect(entryKind(plan(left, policyOf({nickName: broken}))).kind).toBe('cutOff');
  });
});

describe('onlyOnCreate', () => {
  const rules: Record<string, AttributeRule> = {
    nickName: {from: 'userName', onlyOnCreate: true},
    userType: {value: 'Employee', onlyOnCreate: true},
    title: {expression: 'attributes.grade', onlyOnCreate: true},
  };

  test('stands beside what is written every time, and makes no difference', async () => {
    const wanted = await wantedOf(rules);
    expect(wanted.onCreate).toEqual({nickName: 'ada', userType: 'Employee', title: '7'});
    for (const path of Object.keys(rules)) expect(wanted.attributes).not.toHaveProperty(path);
    expect(createdOf(wanted)).toMatchObject({nickName: 'ada', userName: 'ada'});
    const later = await wantedOf(rules, ada({attributes: {grade: '8'}}));
    expect(later.onCreate).toMatchObject({title: '8'});
    expect(later.fingerprint).toEqual(wanted.fingerprint);
  });
});
