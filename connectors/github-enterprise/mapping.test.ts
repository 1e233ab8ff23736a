import {describe, expect, test} from '@jest/globals';
import {patchOperations, toBody} from './mapping.ts';

const ada = {
  userName: 'ada@example.com',
  externalId: 'e1',
  displayName: 'Ada L',
  name: {givenName: 'Ada', familyName: 'L', middleName: null},
  emails: [{value: 'ada@example.com', type: 'work', primary: true}],
};

describe('a new user', () => {
  test('is whole, as GitHub demands it', () => {
    expect(toBody({...ada, title: 'Owner', phoneNumbers: []}, false)).toEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: 'ada@example.com',
      externalId: 'e1',
      active: true,
      displayName: 'Ada L',
      name: {givenName: 'Ada', familyName: 'L'},
      emails: [{value: 'ada@example.com', type: 'work', primary: true}],
    });
  });

  test('what it demands is made of what there is', () => {
    expect(toBody({userName: 'ada@example.com', active: false}, false)).toMatchObject({
      externalId: 'ada@example.com',
      displayName: 'ada@example.com',
      active: false,
      emails: [{value: 'ada@example.com', type: 'work', primary: true}],
    });
    expect(toBody({...ada, displayName: null, name: {givenName: 'Ada'}}, false)).not.toHaveProperty('name');
  });

  test("roles are sent when that is wanted, and then GitHub's own alone", () => {
    const roles = [{value: 'enterprise_owner'}, {value: 'Engineer', primary: true}];
    expect(toBody({...ada, roles}, false)).not.toHaveProperty('roles');
    expect(toBody({...ada, roles}, true)['roles']).toEqual([{value: 'enterprise_owner', primary: false}]);
    expect(toBody({...ada, roles: [{value: 'Engineer'}]}, true)).not.toHaveProperty('roles');
  });
});

describe('a PATCH', () => {
  test('holds what differs, by the paths that GitHub documents', () => {
    const desired = {...ada, displayName: 'Ada', 'name.familyName': 'Lovelace', title: 'x'};
    expect(patchOperations(desired, undefined, ada, false)).toEqual([
      {op: 'replace', path: 'displayName', value: 'Ada'},
      {op: 'replace', path: 'name.familyName', value: 'Lovelace'},
    ]);
  });

  test('holds what is named as changed, and whole lists', () => {
    const emails = [{value: 'new@example.com'}];
    expect(patchOperations({...ada, emails}, ['emails'], undefined, false)).toEqual([
      {op: 'replace', path: 'emails', value: [{value: 'new@example.com', type: 'work', primary: true}]},
    ]);
  });

  test('removes what is cleared and there, and never what GitHub demands', () => {
    const there = {...ada, name: {...ada.name, middleName: 'M', formatted: 'Ada M L'}};
    const desired = {
      ...ada,
      externalId: null,
      displayName: '',
      emails: [],
      name: {...ada.name, formatted: null},
    };
    expect(patchOperations({...desired, userName: 'ada'}, undefined, there, false)).toEqual([
      {op: 'replace', path: 'userName', value: 'ada'},
      {op: 'remove', path: 'name.middleName'},
      {op: 'remove', path: 'name.formatted'},
    ]);
  });
});
