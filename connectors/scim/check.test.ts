import {expect, test} from '@jest/globals';
import type {Script} from '../testing/scripted.ts';
import {scim} from './index.ts';
import {options, scripted} from './testing/scripted.ts';

const list = {schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'], totalResults: 0};
const abilities = {patch: {supported: true}, filter: {supported: true}};
const good: Script = ({url}) => [200, url.pathname.endsWith('ServiceProviderConfig') ? abilities : list];

const check = (reply: Script, config: object = {}) => {
  const made = scripted({auth: {bearer: 't'}, ...config}, reply);
  return scim.create(made.context).check(options.signal);
};
const warnings = async (reply: Script, config: object = {}) => {
  const checked = await check(reply, config);
  if (!checked.ok) throw new Error(checked.failure.message);
  return checked.value.warnings;
};

test('nothing is wrong: says whose answer it is, and as whom', async () => {
  expect(await check(good)).toMatchObject({
    value: {summary: 'wiki.example answers as a SCIM service, with a bearer token', warnings: []},
  });
});

test.each([59_000, -59_000, 61_000, -61_000])('a clock that is %i ms ahead', async (skew) => {
  const date = new Date(Date.parse('2026-01-01T00:00:00Z') - skew).toUTCString();
  const found = await warnings((request, nth) => {
    const [status, body = ''] = good(request, nth);
    return [status, body, {date}];
  });
  const text = `the clock here is ${skew / 1000} s ahead`;
  expect(found).toEqual(Math.abs(skew) > 60_000 ? [expect.stringContaining(text)] : []);
});

test.each<[number, object | string, string, RegExp]>([
  [401, '', '401 no body', /auth\.bearer.*make one/],
  [403, {detail: 'no'}, '403', /may not read users.*administers users/],
  [
    403,
    '<ErrorResponse/>',
    '403 not JSON',
    /may not read users.*baseUrl may be the address of something else/,
  ],
  [200, '<html>', '200 not SCIM', /baseUrl.*up to where \/Users begins/],
  [200, {login: 'octocat'}, '200 not SCIM', /baseUrl.*up to where \/Users begins/],
  [404, 'default backend', '404', /baseUrl.*up to where \/Users begins/],
])('users answered %i %j: says what to do', async (status, body, cause, message) => {
  const reply: Script = (request, nth) =>
    request.url.pathname.endsWith('/Users') ? [status, body] : good(request, nth);
  expect(await check(reply)).toMatchObject({
    ok: false,
    failure: {cause: expect.stringContaining(cause), message: expect.stringMatching(message)},
  });
});

test.each([
  ['https://scim.eu-west-1.amazonaws.com/t1/scim/v2', 'aws-identity-center'],
  ['https://acme.okta.com/scim/v2', 'okta'],
  ['https://api.github.com/scim/v2/organizations/acme', 'github-organization'],
  ['https://api.acme.ghe.com/scim/v2/enterprises/acme', 'github-enterprise'],
])('%s has a connector of its own', async (baseUrl, connector) => {
  const [found = ''] = (await warnings(good, {baseUrl})) ?? [];
  expect(found).toContain(new URL(baseUrl).hostname);
  expect(found).toContain(connector);
});

test('groups that are not there are warned of, and nothing is asked of them where the profile has none', async () => {
  const reply: Script = (request, nth) =>
    request.url.pathname.endsWith('/Groups')
      ? [404, {schemas: ['urn:ietf:params:scim:api:messages:2.0:Error']}]
      : good(request, nth);
  expect(await warnings(reply)).toEqual([expect.stringMatching(/no groups at \/Groups.*groups: false/)]);
  expect(await warnings(reply, {profile: {groups: false}})).toEqual([]);
});

test('a credential that may not read groups is told so', async () => {
  const reply: Script = (request, nth) =>
    request.url.pathname.endsWith('/Groups') ? [403, {detail: 'no'}] : good(request, nth);
  expect(await check(reply)).toMatchObject({
    failure: {message: expect.stringMatching(/may not read groups/)},
  });
});
