import {expect, test} from '@jest/globals';
import type {Json} from '../../../src/core/resource.ts';
import {answerFaults, operationOf, requestFaults} from './openapi.ts';

test.each([
  ['POST', '/api/v1/users/00u1', 'updateUser'],
  ['GET', '/api/v1/users/me', 'getUser'],
  ['POST', '/api/v1/users/00u1/lifecycle/suspend', 'suspendUser'],
  ['PATCH', '/api/v1/users/00u1', undefined],
  ['GET', '/api/v1/user/00u1', undefined],
])('%s %s is %s', (method, path, id) => {
  expect(operationOf(method, path)?.id).toBe(id);
});

const profile = {login: 'ada@example.com'};

test.each<[string, string, string, Json | undefined, string[]]>([
  ['POST', '/api/v1/users?activate=false', 'a create', {profile}, []],
  ['POST', '/api/v1/users?activate=maybe', 'no boolean', {profile}, ['query activate: expected boolean']],
  ['POST', '/api/v1/users?sendEmail=true', 'of another operation', {profile}, ['query sendEmail: unknown']],
  ['POST', '/api/v1/users', 'nothing', undefined, ['body: missing']],
  ['POST', '/api/v1/users', 'no profile', {}, ['body.profile: missing']],
  ['POST', '/api/v1/users', 'an unknown part', {profile, active: true}, ['body.active: unknown']],
  ['POST', '/api/v1/users/u', 'a number', {profile: {title: 7}}, ['body.profile.title: expected string']],
  [
    'POST',
    '/api/v1/users/u',
    'a long name',
    {profile: {firstName: 'x'.repeat(51)}},
    ['body.profile.firstName: too long'],
  ],
  ['POST', '/api/v1/users/u', 'a cleared attribute', {profile: {department: null}}, []],
  ['DELETE', '/api/v1/users/u', 'a body where none is', {}, ['body: unexpected']],
  ['GET', '/api/v1/users/u/grants?limit=500', 'too many', undefined, ['query limit: out of range']],
])('%s %s with %s', (method, address, _name, body, faults) => {
  const url = new URL(address, 'https://acme.okta.com');
  const operation = operationOf(method, url.pathname);
  expect(operation && requestFaults(operation, url.searchParams, body)).toEqual(faults);
});

test('an answer is held against the document too', () => {
  const operation = operationOf('GET', '/api/v1/users/u');
  expect(operation && answerFaults(operation, 200, {id: 7, status: 'GONE', lastUpdated: 'today'})).toEqual([
    'answer.id: expected string',
    'answer.status: not one of enum',
    'answer.lastUpdated: date-time',
  ]);
  expect(operation && answerFaults(operation, 201, {})).toEqual(['status 201: undocumented']);
});
