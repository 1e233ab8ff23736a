import {expect, test} from '@jest/globals';
import type {Failure} from '../../src/core/failure.ts';
import {isTaken, withGithubError} from './errors.ts';

const failure = (status: number, body: object | string, kind: Failure['kind'] = 'rejected'): Failure => ({
  kind,
  message: 'general',
  cause: String(status),
  status,
  exchange: {method: 'POST', url: '', answerBody: typeof body === 'string' ? body : JSON.stringify(body)},
});

test.each<[Failure, string]>([
  [failure(400, {detail: 'x', scimType: 'invalidFilter', status: 400}), '400 invalidFilter'],
  [failure(409, {detail: 'ada@example.com is taken', scimType: 'uniqueness'}), '409 uniqueness'],
  [
    failure(422, {
      message: 'Validation Failed',
      errors: [{resource: 'Team', field: 'name', code: 'already_exists'}],
    }),
    '422 Team.name.already_exists',
  ],
  [failure(422, {message: 'The first EMU owner cannot be targeted'}), '422'],
  [failure(403, {message: 'Resource not accessible by integration'}, 'unauthorized'), '403 not accessible'],
  [
    failure(403, {message: 'Resource protected by organization SAML enforcement.'}, 'unauthorized'),
    '403 SAML',
  ],
  [failure(403, {message: 'You must be an organization owner'}, 'unauthorized'), '403 rights'],
  [failure(401, {message: 'Bad credentials'}, 'unauthorized'), '401 bad credentials'],
  [failure(403, {message: 'no ada@example.com'}, 'unauthorized'), '403'],
  [failure(400, '<html>'), '400 not GitHub'],
  [failure(404, {error: 'not here'}), '404 not GitHub'],
])('the cause of %j', (given, cause) => {
  const told = withGithubError(given);
  expect(told.cause).toBe(cause);
  expect(told.kind).toBe(given.kind);
  expect(told.message + told.cause).not.toContain('ada');
});

test.each<[Failure, boolean]>([
  [failure(409, {detail: 'x'}), true],
  [failure(422, {message: 'x', errors: [{resource: 'Team', field: 'name', code: 'already_exists'}]}), true],
  [
    failure(422, {message: 'x', errors: [{field: 'name', code: 'custom', message: 'Name must be unique'}]}),
    true,
  ],
  [failure(422, {message: 'x', errors: [{field: 'name', code: 'too_long'}]}), false],
  [failure(422, {message: 'Enterprise teams cannot be modified'}), false],
  [failure(400, {detail: 'x'}), false],
])('whether %j says that a name is taken', (given, is) => {
  expect(isTaken(given)).toBe(is);
});
