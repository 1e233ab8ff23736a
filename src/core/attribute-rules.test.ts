import {expect, test} from '@jest/globals';
import {ruleProblem} from './attribute-rules.ts';
import {ENTERPRISE} from './resource.ts';

const path = (nearest: string) => ({
  at: 'path',
  message: `expected the path of a user’s attribute: the nearest is ${nearest}`,
});

test.each([
  'nickName',
  'name.givenName',
  'x509Certificates',
  `${ENTERPRISE}:department`,
  `${ENTERPRISE}:manager`,
  'urn:example:params:scim:schemas:1.0:Person:costCode',
  'urn:example:Person:grade.level',
])('%s may be written', (written) => {
  expect(ruleProblem(written, {omit: true})).toBeUndefined();
});

test.each([
  ['usrType', path('userType')],
  ['nickname', path('nickName')],
  ['department', path(`${ENTERPRISE}:department`)],
  [`${ENTERPRISE}:departmnet`, path(`${ENTERPRISE}:department`)],
  ['name.firstName', path('name.givenName')],
  ['emails.value', expect.objectContaining({at: 'path'})],
  ['urn:example', expect.objectContaining({at: 'path'})],
  ['profile.badge', expect.objectContaining({at: 'path'})],
  ['active', {at: 'path', message: 'active is what the event says: no rule may change it'}],
])('%s is refused', (written, problem) => {
  expect(ruleProblem(written, {value: 'x'})).toEqual(problem);
});

test('a target’s own paths may be written there', () => {
  expect(ruleProblem('profile.badge', {omit: true}, 'profile.')).toBeUndefined();
  expect(ruleProblem('profile.', {omit: true}, 'profile.')).toMatchObject({at: 'path'});
});

test.each(['displayName', `${ENTERPRISE}:department`, 'attributes.cost code', 'attributes.a.b'])(
  'from %s',
  (from) => {
    expect(ruleProblem('nickName', {from})).toBeUndefined();
  },
);

test.each(['displyName', 'attribute.x', 'attributes.', 'name.givenName'])('from %s is refused', (from) => {
  const message = expect.stringContaining(`found "${from}": the nearest is `);
  expect(ruleProblem('nickName', {from})).toEqual({at: 'from', message});
});
