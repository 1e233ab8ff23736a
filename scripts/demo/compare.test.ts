import {describe, expect, test} from '@jest/globals';
import {ENTERPRISE} from '../../src/core/resource.ts';
import {differences} from './compare.ts';
import type {Expected} from './model.ts';

const row = {
  id: 'r1',
  externalId: 'a',
  userName: 'ada',
  active: true,
  title: 'T',
  emails: [{value: 'ada@lantern.example'}],
  [ENTERPRISE]: {department: 'D', manager: {value: 'r2'}},
};
const manager = {id: 'r2', externalId: 'm', userName: 'max', active: true};
const group = {id: 'r3', externalId: 'g', displayName: 'G', members: [{value: 'r1'}]};
const held = {users: [row, manager], groups: [group], requests: {}};

const wanted = (): Expected => ({
  users: new Map([
    [
      'a',
      {
        userName: 'ada',
        active: true,
        title: 'T',
        department: 'D',
        email: 'ada@lantern.example',
        manager: 'm',
      },
    ],
    ['m', {userName: 'max', active: true}],
  ]),
  groups: new Map([['g', {displayName: 'G', members: new Set(['a'])}]]),
});

describe('differences', () => {
  test('none where the target holds what it must', () => {
    expect(differences(held, wanted())).toEqual([]);
  });

  test('a person who is missing, left over, or there twice', () => {
    const expected = wanted();
    expected.users.delete('m');
    expected.users.set('n', {userName: 'nia', active: true});
    expect(differences({...held, users: [...held.users, row]}, expected)).toEqual([
      'user a is there 2 times',
      'user m is there and should not be',
      'user n is missing',
    ]);
  });

  test('attributes, the manager among them', () => {
    const other = {
      ...row,
      active: false,
      title: undefined,
      [ENTERPRISE]: {department: 'D', manager: {value: 'r1'}},
    };
    expect(differences({...held, users: [other, manager]}, wanted())).toEqual([
      'user a: active is false, should be true',
      'user a: title is not there, should be "T"',
      'user a: manager is "a", should be "m"',
    ]);
  });

  test('members', () => {
    const other = {...group, members: [{value: 'r2'}, {value: 'r9'}]};
    expect(differences({...held, groups: [other]}, wanted())).toEqual([
      'group g: a is not a member and should be',
      'group g: m is a member and should not be',
      'group g: unknown r9 is a member and should not be',
    ]);
  });
});
