import {describe, expect, test} from '@jest/globals';
import {CORE_GROUP, CORE_USER, ENTERPRISE, type Attributes, type Json} from '../../src/core/resource.ts';
import {isSame, outward, toRemote, toResource} from './mapping.ts';
import {patchOperations} from './patch.ts';
import {profileNames, profileOf, profileSchema} from './profile.ts';

const department = `${ENTERPRISE}:department`;
const manager = `${ENTERPRISE}:manager`;
const generic = profileOf('generic');

test('a user as POST and PUT carry it', () => {
  const attributes: Attributes = {
    userName: 'ada',
    active: false,
    title: null,
    emails: [],
    name: {givenName: 'Ada', middleName: null},
    'name.familyName': 'Lovelace',
    [department]: 'Engineering',
    [manager]: {value: 'm1'},
    [`${CORE_USER}:nickName`]: 'A',
    'urn:example:2.0:User:badge.colour': 'red',
  };
  expect(toResource('user', attributes, 'u1')).toEqual({
    schemas: [CORE_USER, ENTERPRISE, 'urn:example:2.0:User'],
    id: 'u1',
    userName: 'ada',
    active: false,
    name: {givenName: 'Ada', familyName: 'Lovelace'},
    nickName: 'A',
    [ENTERPRISE]: {department: 'Engineering', manager: {value: 'm1'}},
    'urn:example:2.0:User': {badge: {colour: 'red'}},
  });
  expect(toResource('group', {displayName: 'g'})).toEqual({schemas: [CORE_GROUP], displayName: 'g'});
});

test('a resource as a service answered it', () => {
  const body = {
    schemas: [CORE_USER],
    id: 7,
    meta: {location: '/Users/other'},
    userName: 'ada',
    title: null,
    active: 'False',
    [ENTERPRISE.toLowerCase()]: {department: 'Engineering', manager: 'm1'},
  };
  expect(toRemote(body, generic)).toEqual({
    id: '7',
    attributes: {userName: 'ada', active: false, [department]: 'Engineering', [manager]: {value: 'm1'}},
  });
  expect(toRemote({userName: 'ada'}, generic)).toBeUndefined();
});

test('a profile allows, drops, renames, and gives a manager its form', () => {
  const profile = profileSchema.parse({
    attributes: ['userName', 'name', 'externalId', manager],
    drop: ['name.middleName'],
    rename: {externalId: 'external_id'},
    manager: 'string',
  });
  const attributes = {
    userName: 'ada',
    'name.givenName': 'Ada',
    'name.middleName': 'B',
    externalId: 'e1',
    title: 'Countess',
    [manager]: {value: 'm1'},
  };
  expect(outward(attributes, profile)).toEqual({
    userName: 'ada',
    'name.givenName': 'Ada',
    external_id: 'e1',
    [manager]: 'm1',
  });
  expect(toRemote({id: 'u', external_id: 'e1'}, profile)?.attributes).toEqual({externalId: 'e1'});
});

test.each(profileNames)('the profile %s is a valid one', (name) => {
  expect(profileSchema.parse(profileOf(name))).toEqual(profileOf(name));
});

const pairs: [Json, Json | undefined, boolean][] = [
  [null, undefined, true],
  [[], undefined, true],
  [null, 'x', false],
  ['a', 'a', true],
  ['a', 'A', false],
  [false, undefined, false],
  [{givenName: 'A'}, {givenName: 'A', formatted: 'A B'}, true],
  [{givenName: 'A', middleName: null}, {givenName: 'A', middleName: 'B'}, false],
  [{value: 'm'}, {value: 'm', $ref: '../Users/m', displayName: 'M'}, true],
  [[{value: 'a'}, {value: 'b'}], [{value: 'b'}, {value: 'a', display: 'A'}], true],
  [[{value: 'a'}], [{value: 'a'}, {value: 'b'}], false],
  [[{value: 'a'}, {value: 'a'}], [{value: 'a'}, {value: 'b'}], false],
  [[{value: 'a', primary: false}], [{value: 'a'}], true],
  [[{value: 'a', primary: true}], [{value: 'a'}], false],
];

test.each(pairs)('desired %j against current %j: same is %s', (desired, current, same) => {
  expect(isSame(desired, current)).toBe(same);
});

describe('the smallest PATCH', () => {
  const desired: Attributes = {
    userName: 'ada',
    title: null,
    name: {givenName: 'A', middleName: null},
    emails: [],
  };

  test('of what is known to have changed', () => {
    expect(patchOperations(desired, ['title', 'userName', 'nickName'], undefined)).toEqual([
      {op: 'remove', path: 'title'},
      {op: 'replace', path: 'userName', value: 'ada'},
    ]);
  });

  test('of the difference to what is there, whatever was said to have changed', () => {
    const current = {userName: 'ada', title: 'x', name: {givenName: 'A', middleName: 'B', formatted: 'A B'}};
    expect(patchOperations(desired, ['userName'], current)).toEqual([
      {op: 'remove', path: 'title'},
      {op: 'replace', path: 'name', value: {givenName: 'A'}},
      {op: 'remove', path: 'name.middleName'},
    ]);
    expect(patchOperations(desired, undefined, {userName: 'ada', name: {givenName: 'A'}})).toEqual([]);
    expect(patchOperations({'name.givenName': 'A'}, undefined, {name: {givenName: 'A'}})).toEqual([]);
  });

  test('of all when nothing is known', () => {
    expect(patchOperations(desired, undefined, undefined).map(({op, path}) => `${op} ${path}`)).toEqual([
      'replace userName',
      'remove title',
      'replace name',
      'remove name.middleName',
      'remove emails',
    ]);
  });
});
