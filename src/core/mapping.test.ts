import {describe, expect, test} from '@jest/globals';
import type {User} from './event.ts';
import {mapGroup, mapUser} from './mapping.ts';
import {ENTERPRISE} from './resource.ts';
import {userPaths} from './scope-attributes.ts';

const least: User = {id: 'u1', userName: 'ada', active: true};

describe('mapUser', () => {
  test('makes the paths that rules and scopes may name, and no other', () => {
    const texts = 'displayName nickName profileUrl title userType preferredLanguage locale timezone name';
    const lists = 'emails phoneNumbers photos ims roles entitlements addresses';
    const cleared = Object.fromEntries(texts.split(' ').map((name) => [name, null]));
    const empty = Object.fromEntries(lists.split(' ').map((name): [string, never[]] => [name, []]));
    const whole: User = {...least, enterprise: null, ...cleared, ...empty};
    expect(Object.keys(mapUser(whole).attributes).sort()).toEqual([...userPaths].sort());
  });

  test('a user of which only what must be is said', () => {
    expect(mapUser(least)).toEqual({
      attributes: {userName: 'ada', active: true, externalId: 'u1'},
      managerId: undefined,
    });
  });

  test('what is null or empty is cleared', () => {
    const {attributes, managerId} = mapUser({
      ...least,
      externalId: null,
      title: null,
      locale: '',
      name: {familyName: null, givenName: ''},
      emails: [],
      addresses: [{type: 'work', locality: null}],
      enterprise: null,
    });
    expect(attributes).toEqual({
      userName: 'ada',
      active: true,
      externalId: 'u1',
      title: null,
      locale: null,
      name: null,
      emails: null,
      addresses: null,
      [`${ENTERPRISE}:employeeNumber`]: null,
      [`${ENTERPRISE}:costCenter`]: null,
      [`${ENTERPRISE}:organization`]: null,
      [`${ENTERPRISE}:division`]: null,
      [`${ENTERPRISE}:department`]: null,
    });
    expect(managerId).toBeNull();
  });

  test('values are cleaned, and one alone is primary', () => {
    const {attributes} = mapUser({
      ...least,
      externalId: 'e-7',
      name: {givenName: 'Ada', familyName: 'Byron', middleName: null},
      emails: [
        {value: '', type: 'home', primary: true},
        {value: 'a@example.com', display: null, type: 'work', primary: true},
        {value: 'b@example.com', primary: true},
        {value: 'c@example.com', primary: false},
      ],
      enterprise: {department: 'Engineering', division: null, managerId: 'u9'},
    });
    expect(attributes).toEqual({
      userName: 'ada',
      active: true,
      externalId: 'e-7',
      name: {givenName: 'Ada', familyName: 'Byron'},
      emails: [
        {value: 'a@example.com', type: 'work', primary: true},
        {value: 'b@example.com'},
        {value: 'c@example.com', primary: false},
      ],
      [`${ENTERPRISE}:department`]: 'Engineering',
      [`${ENTERPRISE}:division`]: null,
    });
    expect(mapUser({...least, enterprise: {managerId: 'u9'}}).managerId).toBe('u9');
    expect(mapUser({...least, enterprise: {managerId: ''}}).managerId).toBeNull();
    expect(mapUser({...least, enterprise: {department: 'x'}}).managerId).toBeUndefined();
  });
});

test('mapGroup', () => {
  expect(mapGroup({id: 'g1', displayName: 'wiki', members: ['u1']})).toEqual({
    displayName: 'wiki',
    externalId: 'g1',
  });
  expect(mapGroup({id: 'g1', displayName: 'wiki', externalId: 'x'})).toEqual({
    displayName: 'wiki',
    externalId: 'x',
  });
});
