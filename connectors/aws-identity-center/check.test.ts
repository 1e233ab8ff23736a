import {expect, test} from '@jest/globals';
import {awsError, listOf, openRig, options, scripted, token, value} from './testing/rig.ts';

async function checked(settings: object) {
  const rig = await openRig(settings);
  const result = await rig.port.check(options.signal);
  await rig.close();
  return result;
}

const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

test('says who answers, and when the token ends as the config has it', async () => {
  const report = value(await checked({tokenExpires: day(200)}));
  expect(report.summary).toMatch(
    /^127\.0\.0\.1:\d+ answers as AWS IAM Identity Center, with an access token$/,
  );
  expect(report.credentialExpiresAt).toBe(Date.parse(day(200)));
  expect(report.warnings).toEqual([]);
});

test.each([
  [{}, 'tokenExpires is not set'],
  [{tokenExpires: day(20)}, 'the token ends in 19 days'],
  [{tokenExpires: day(-2)}, 'by tokenExpires the token has ended'],
])('%j: %s', async (settings, warning) => {
  expect(value(await checked(settings)).warnings).toEqual([expect.stringContaining(warning)]);
});

test.each([
  ['a token that AWS refuses', {token: 'another-token'}, 'Generate token'],
  ['one of two tokens that it takes', {token: ['another-token', token]}, undefined],
])('%s', async (_name, settings, message) => {
  const result = await checked(settings);
  if (message === undefined) expect(result.ok).toBe(true);
  else
    expect(result).toMatchObject({
      failure: {kind: 'unauthorized', message: expect.stringContaining(message)},
    });
});

test('a token without rights: says where to make another', async () => {
  const {port} = scripted(({url}) => (url.pathname.endsWith('Config') ? [200, {}] : [403, awsError(403)]));
  expect(await port.check(options.signal)).toMatchObject({
    failure: {kind: 'unauthorized', message: expect.stringContaining('automatic provisioning')},
  });
});

test.each<[string, number, object | string, string]>([
  [
    'another SCIM service',
    200,
    {documentationUri: 'https://wiki.example/help', patch: {supported: true}},
    '200 not AWS',
  ],
  ['a page', 200, '<html>', '200 not SCIM'],
  ['nothing there', 404, 'default backend', '404 not SCIM'],
])("another vendor's service (%s) is no Identity Center", async (_name, status, body, cause) => {
  const {port} = scripted(() => [status, body], {endpoint: 'https://wiki.example/tenant/scim/v2'});
  const result = await port.check(options.signal);
  expect(result).toMatchObject({failure: {cause, message: expect.stringContaining('endpoint')}});
});

test('a clock that is off, and a token in the clear', async () => {
  const made = scripted(
    ({url}) => {
      const headers = {date: new Date(made.clock.now - 300_000).toUTCString()};
      return [200, url.pathname.endsWith('Config') ? {} : listOf(), headers];
    },
    {endpoint: 'http://scim.eu-west-1.amazonaws.com/tenant/scim/v2', tokenExpires: '2026-12-01'},
  );
  expect(value(await made.port.check(options.signal)).warnings).toEqual([
    expect.stringContaining('300 s ahead'),
    expect.stringContaining('in the clear'),
  ]);
});
