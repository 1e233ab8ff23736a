import {describe, expect, test} from '@jest/globals';
import {ENTERPRISE, type Attributes} from '../../src/core/resource.ts';
import {fieldsAt, toFields, toRemote, toResource} from './mapping.ts';

const user = (attributes: Attributes) => toFields('user', attributes);

describe('one value of several', () => {
  test.each<[string, Attributes, unknown]>([
    [
      'the primary email, without what AWS does not take',
      {
        emails: [
          {value: 'a@x', type: 'work'},
          {value: 'b@x', primary: true, display: 'B'},
        ],
      },
      {emails: [{value: 'b@x', primary: true}]},
    ],
    [
      'else the one for work, which becomes primary',
      {
        emails: [
          {value: 'a@x', type: 'home'},
          {value: 'b@x', type: 'work'},
        ],
      },
      {emails: [{value: 'b@x', type: 'work', primary: true}]},
    ],
    [
      'else the first',
      {phoneNumbers: [{value: '1', type: 'mobile'}, {value: '2'}]},
      {phoneNumbers: [{value: '1', type: 'mobile'}]},
    ],
    [
      'an address by its parts',
      {addresses: [{type: 'work', country: 'NL', locality: 'Amsterdam', primary: true}]},
      {addresses: [{locality: 'Amsterdam', country: 'NL', type: 'work'}]},
    ],
    [
      'none',
      {emails: [], addresses: [{type: 'work'}], phoneNumbers: null},
      {emails: null, addresses: null, phoneNumbers: null},
    ],
  ])('%s', (_name, attributes, fields) => {
    expect(user(attributes)).toEqual(fields);
  });
});

test('what AWS demands is never cleared', () => {
  expect(user({userName: null, displayName: '', name: null, active: true})).toEqual({
    active: true,
    'name.formatted': null,
    'name.middleName': null,
    'name.honorificPrefix': null,
    'name.honorificSuffix': null,
  });
});

test('what AWS has no place for is left out', () => {
  const attributes = {
    roles: [{value: 'x'}],
    ims: [],
    photos: [],
    entitlements: [],
    groups: [],
    password: 'x',
  };
  expect(user(attributes)).toEqual({});
  expect(toFields('group', {displayName: 'g', title: 'x', members: []})).toEqual({displayName: 'g'});
});

test('a part of a name alone, and a manager by id', () => {
  expect(
    user({'name.givenName': 'Ada', [`${ENTERPRISE}:manager`]: {value: 'u1', displayName: 'Boss'}}),
  ).toEqual({
    'name.givenName': 'Ada',
    [`${ENTERPRISE}:manager`]: {value: 'u1'},
  });
  expect(user({[`${ENTERPRISE}:manager`]: null})).toEqual({[`${ENTERPRISE}:manager`]: null});
});

test('a change of the name is one of each of its parts', () => {
  const fields = user({name: {givenName: 'Ada', familyName: 'L'}, title: 'x'});
  expect(Object.keys(fieldsAt(fields, ['name']))).toHaveLength(6);
  expect(fieldsAt(fields, ['name.givenName'])).toEqual({'name.givenName': 'Ada'});
});

test('a new user is whole: schemas, an active account, a name to show', () => {
  const fields = user({
    userName: 'ada',
    name: {givenName: 'Ada', familyName: 'Lovelace'},
    [`${ENTERPRISE}:department`]: 'Engines',
    title: null,
  });
  expect(toResource('user', fields)).toEqual({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', ENTERPRISE],
    userName: 'ada',
    name: {givenName: 'Ada', familyName: 'Lovelace'},
    [ENTERPRISE]: {department: 'Engines'},
    displayName: 'Ada Lovelace',
    active: true,
  });
});

test('an answer in the flat form: an empty list of members says nothing', () => {
  const body = {
    id: 'g',
    schemas: [],
    meta: {},
    displayName: 'x',
    members: [],
    [ENTERPRISE]: {department: 'Engines', division: null},
  };
  expect(toRemote(body)).toEqual({
    id: 'g',
    attributes: {displayName: 'x', [`${ENTERPRISE}:department`]: 'Engines'},
  });
  expect(toRemote({displayName: 'x'})).toBeUndefined();
});
