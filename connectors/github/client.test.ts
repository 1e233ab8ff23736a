import {expect, test} from '@jest/globals';
import {githubOrganization} from '../github-organization/index.ts';
import {openRig, options, person, scripted, value} from './testing/rig.ts';
import {secondaryLimit} from './testing/replies.ts';

const acme = {organization: 'acme'};
const scimError = {schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], detail: 'no', status: 404};
const notFound = {message: 'Not Found', documentation_url: 'https://docs.github.com/rest', status: '404'};

test('the hour’s budget and the secondary limit are waited out', async () => {
  const rig = await openRig(githubOrganization, acme);
  rig.double.left = 0;
  expect(await rig.port.users.create(person('ada'), options)).toMatchObject({
    failure: {kind: 'throttled', cause: '403 limit', retryAfterMs: expect.any(Number)},
  });
  rig.double.left = 100;
  rig.double.next.push(secondaryLimit());
  expect(await rig.port.users.create(person('ada'), options)).toMatchObject({
    failure: {kind: 'throttled', retryAfterMs: 60_000},
  });
  value(await rig.port.users.create(person('ada'), options));
  await rig.close();
});

test.each([scimError, notFound])('a 404 of the form %j is confirmed by a list', async (form) => {
  const {port, requests} = scripted(githubOrganization, acme, ({url}) =>
    url.pathname.endsWith('/Users') ? [200, {Resources: []}] : [404, form],
  );
  expect(value(await port.users.get('other', options))).toBeUndefined();
  expect(requests).toHaveLength(2);
});

test.each<[string, [number, object | string], object]>([
  ['nothing there at all', [404, notFound], {kind: 'unavailable', cause: '404 nothing there'}],
  [
    "nothing there at all in SCIM's form",
    [404, scimError],
    {kind: 'unavailable', cause: '404 nothing there'},
  ],
  ['a list that is refused', [401, {message: 'Bad credentials'}], {kind: 'unauthorized'}],
])('a 404 beside %s removes nobody', async (_name, list, failure) => {
  const {port} = scripted(githubOrganization, acme, ({url}) =>
    url.pathname.endsWith('/Users') ? list : [404, scimError],
  );
  expect(await port.users.remove('u', options)).toMatchObject({ok: false, failure});
});

test.each([
  ['in a minute', {writesAMinute: 2}],
  ['in a second', {writeGapMs: 1000}],
])('too many writes %s are waited out', async (_name, rules) => {
  const rig = await openRig(githubOrganization, acme, rules);
  const results: unknown[] = [];
  for (const name of ['a', 'b', 'c']) results.push(await rig.port.users.create(person(name), options));
  expect(results).toContainEqual(
    expect.objectContaining({failure: expect.objectContaining({kind: 'throttled', retryAfterMs: 60_000})}),
  );
  rig.clock.now += 60_000;
  value(await rig.port.users.create(person('c'), options));
  await rig.close();
});

test('a token that an answer repeats is in no failure', async () => {
  const {port} = scripted(githubOrganization, {...acme, auth: {token: 'ghp_repeated'}}, () => [
    403,
    {message: 'no entry for ghp_repeated'},
  ]);
  const result = await port.users.get('u', options);
  expect(result).toMatchObject({failure: {kind: 'unauthorized'}});
  expect(JSON.stringify(result)).not.toContain('ghp_repeated');
});

test('every request says who asks, for which version, and to the configured address alone', async () => {
  const {port, requests} = scripted(githubOrganization, {...acme, apiUrl: 'https://api.acme.ghe.com'}, () => [
    200,
    {Resources: []},
  ]);
  value(await port.users.find({by: 'userName', value: 'a b&c'}, options));
  expect(requests[0]?.url.href).toBe(
    'https://api.acme.ghe.com/scim/v2/organizations/acme/Users?filter=userName%20eq%20%22a%20b%26c%22&startIndex=1&count=100',
  );
  expect(requests[0]?.headers).toMatchObject({
    'user-agent': expect.stringMatching(/^avro-scim\/\d/),
    'x-github-api-version': '2022-11-28',
    authorization: 'Bearer ghp_t',
  });
});
