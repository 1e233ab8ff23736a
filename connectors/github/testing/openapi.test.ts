import {expect, test} from '@jest/globals';
import type {Json} from '../../../src/core/resource.ts';
import {operationOf, requestFaults} from './openapi.ts';

function faults(method: string, path: string, body?: Json): string[] {
  const url = new URL(path, 'https://api.github.com');
  const operation = operationOf(method, url.pathname);
  if (!operation) return ['no operation'];
  return requestFaults(operation, url.searchParams, body);
}

const user = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  externalId: 'e',
  active: true,
  userName: 'u',
  displayName: 'U',
  emails: [{value: 'u@example.com', type: 'work', primary: true}],
};
const users = '/scim/v2/enterprises/acme/Users';

test('what is right has no fault', () => {
  expect(faults('POST', users, user)).toEqual([]);
  expect(faults('GET', `${users}?startIndex=1&count=100`)).toEqual([]);
  expect(faults('GET', '/orgs/acme/personal-access-tokens?owner%5B%5D=ada')).toEqual([]);
  expect(faults('POST', '/app/installations/7/access_tokens')).toEqual([]);
});

test('a team is the same by its id', () => {
  expect(operationOf('PUT', '/organizations/1/team/2/memberships/ada')?.id).toBe(
    'teams/add-or-update-membership-for-user-in-org',
  );
});

test.each<[string, string, Json | undefined, string]>([
  ['POST', users, {...user, emails: [{value: 'u'}]}, 'body.emails[0].type: missing'],
  ['POST', users, {...user, title: 'x'}, 'body.title: unknown'],
  ['POST', users, {...user, active: 'true'}, 'body.active: expected boolean'],
  ['POST', users, {...user, externalId: null}, 'body.externalId: null'],
  ['POST', users, {...user, schemas: ['x']}, 'body.schemas[0]: not one of enum'],
  ['POST', users, undefined, 'body: missing'],
  ['GET', `${users}?count=many`, undefined, 'query count: expected integer'],
  ['GET', `${users}?login=x`, undefined, 'query login: unknown'],
  ['GET', '/scim/v2/enterprises/acme/users', undefined, 'no operation'],
  ['DELETE', '/orgs/acme/memberships/ada', {}, 'body: unexpected'],
  [
    'POST',
    '/scim/v2/organizations/acme/Users',
    {userName: 'u', name: {}, emails: []},
    'body.emails: number of items',
  ],
])('%s %s with %j', (method, path, body, fault) => {
  expect(faults(method, path, body)).toContain(fault);
});

test("the document's known fault is one: its own examples", () => {
  const operation = operationOf('PATCH', `${users}/u`);
  const examples = JSON.stringify(operation?.node['requestBody']);
  expect(examples).toContain('"path":"active","value":false');
  const body = {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{op: 'replace', path: 'active', value: false}],
  };
  expect(faults('PATCH', `${users}/u`, body)).toEqual([]);
  expect(faults('PATCH', '/scim/v2/organizations/acme/Users/u', body)).not.toEqual([]);
});
