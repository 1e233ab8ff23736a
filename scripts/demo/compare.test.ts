import {describe, expect, test} from '@jest/globals';
import {ENTERPRISE} from '../../src/core/resource.ts';
import {differences, vendorDifferences} from './compare.ts';
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

describe('vendorDifferences', () => {
  const wanted = {
    users: new Map([
      ['p1', {userName: 'ada', active: true}],
      ['p2', {userName: 'bob', active: false}],
    ]),
    groups: new Map([
      ['g1', {displayName: 'Sales', members: new Set(['p1'])}],
      ['g2', {displayName: 'New Ideas', members: new Set<string>()}],
    ]),
  };
  const right = {people: {p1: true, p2: false}, groups: {Sales: ['p1'], 'New Ideas': []}, requests: 0};

  test('none where people and members are as they should be, a leaver there or gone', () => {
    expect(vendorDifferences(right, wanted, true)).toEqual([]);
    expect(vendorDifferences({...right, people: {p1: true}}, wanted, true)).toEqual([]);
    expect(vendorDifferences({...right, groups: {Sales: ['p1']}}, wanted, false)).toEqual([]);
  });

  test.each([
    ['a leaver who is let in', {people: {p1: true, p2: true}}, 'everybody: p2 is a member and should not be'],
    ['somebody who is not', {people: {p1: false}}, 'everybody: p1 is not a member and should be'],
    ['a group that is missing', {groups: {Sales: ['p1']}}, 'group New Ideas is missing'],
    [
      'a group that nobody wants',
      {groups: {...right.groups, Old: []}},
      'group Old is there and should not be',
    ],
    [
      'a member too many',
      {groups: {...right.groups, Sales: ['p1', 'p2']}},
      'group Sales: p2 is a member and should not be',
    ],
  ])('%s is told', (_name, change, line) => {
    expect(vendorDifferences({...right, ...change}, wanted, true)).toEqual([line]);
  });
});
