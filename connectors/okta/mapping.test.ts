import {describe, expect, test} from '@jest/globals';
import type {JsonObject} from '../../src/core/json.ts';
import {ENTERPRISE, type Attributes} from '../../src/core/resource.ts';
import {differing, toProfile, toRemote} from './mapping.ts';

const whole: Attributes = {
  userName: 'ada@example.com',
  externalId: 'u1',
  displayName: 'Ada',
  locale: 'nl-NL',
  name: {givenName: 'Ada', familyName: 'Lovelace', honorificPrefix: 'Dr'},
  emails: [{value: 'ada@example.com', type: 'work', primary: true}],
  phoneNumbers: [
    {value: '020', type: 'work'},
    {value: '06', type: 'mobile'},
  ],
  addresses: [{streetAddress: 'Dam 1', locality: 'Amsterdam', country: 'NL', type: 'work'}],
  [`${ENTERPRISE}:department`]: 'R&D',
  [`${ENTERPRISE}:manager`]: {value: '00u9'},
  'profile.badgeNumber': '7',
};

const profile: JsonObject = {
  login: 'ada@example.com',
  hrId: 'u1',
  displayName: 'Ada',
  locale: 'nl_NL',
  firstName: 'Ada',
  lastName: 'Lovelace',
  honorificPrefix: 'Dr',
  email: 'ada@example.com',
  primaryPhone: '020',
  mobilePhone: '06',
  streetAddress: 'Dam 1',
  city: 'Amsterdam',
  countryCode: 'NL',
  department: 'R&D',
  managerId: '00u9',
  badgeNumber: '7',
};

test('a whole person, there and back', () => {
  const sent = toProfile(whole, 'hrId');
  expect(Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== null))).toEqual(profile);
  expect(
    toRemote({id: '00u1', status: 'ACTIVE', profile: {...profile, secondEmail: 'a@home'}}, 'hrId'),
  ).toEqual({
    id: '00u1',
    attributes: {...whole, active: true},
  });
  expect(differing(sent, toProfile(toRemote({id: 'x', profile}, 'hrId')?.attributes ?? {}, 'hrId'))).toEqual(
    {},
  );
});

test.each<[string, Attributes, JsonObject]>([
  ['a cleared attribute', {title: null, nickName: ''}, {title: null, nickName: null}],
  ['what Okta demands is never cleared', {userName: null, emails: null}, {}],
  [
    'of a name the parts that it has not are cleared, but for the two that Okta demands',
    {name: {givenName: 'Ada'}},
    {firstName: 'Ada', middleName: null, honorificPrefix: null, honorificSuffix: null},
  ],
  ['a part of a name by its path', {'name.familyName': 'King'}, {lastName: 'King'}],
  ['the primary of several addresses', {emails: [{value: 'b'}, {value: 'a', primary: true}]}, {email: 'a'}],
  ['numbers that are gone', {phoneNumbers: null}, {primaryPhone: null, mobilePhone: null}],
  [
    'a primary mobile stays the mobile',
    {phoneNumbers: [{value: '06', type: 'mobile', primary: true}]},
    {primaryPhone: null, mobilePhone: '06'},
  ],
  ['a manager who is gone', {[`${ENTERPRISE}:manager`]: null}, {managerId: null}],
  ['what Okta has no attribute for', {roles: [{value: 'x'}], photos: null, active: true}, {}],
])('%s', (_name, attributes, expected) => {
  expect(toProfile(attributes, 'externalId')).toEqual(expected);
});

test('a country that is written out is left out', () => {
  expect(toProfile({addresses: [{country: 'Netherlands'}]}, 'externalId')['countryCode']).toBeNull();
});

describe('which statuses are active', () => {
  test.each([
    ['STAGED', undefined, false],
    ['PROVISIONED', undefined, true],
    ['ACTIVE', undefined, true],
    ['RECOVERY', undefined, true],
    ['PASSWORD_EXPIRED', undefined, true],
    ['LOCKED_OUT', undefined, true],
    ['SUSPENDED', undefined, false],
    ['DEPROVISIONED', undefined, false],
    ['STAGED', 'ACTIVE', true],
    ['ACTIVE', 'DEPROVISIONED', false],
  ])('%s on its way to %s: %s', (status, transitioningToStatus, active) => {
    const user = {id: '1', status, profile: {}, ...(transitioningToStatus ? {transitioningToStatus} : {})};
    expect(toRemote(user, 'externalId')?.attributes['active']).toBe(active);
  });
});
