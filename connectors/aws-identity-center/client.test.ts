import {describe, expect, test} from '@jest/globals';
import {configSchema} from './manifest.ts';
import {awsError, listOf, openRig, options, person, scripted, token, value} from './testing/rig.ts';

const update = {desired: {title: 'x'}, changed: ['title']};

describe('what is answered to a write', () => {
  test.each([
    [400, awsError(400), 'rejected', '400 ValidationException'],
    [401, awsError(401), 'unauthorized', '401 UnauthorizedException'],
    [403, awsError(403), 'unauthorized', '403 AccessDeniedException'],
    [429, awsError(429), 'throttled', '429 ThrottlingException'],
    [500, awsError(500), 'transient', '500 InternalServerException'],
    [503, awsError(503), 'unavailable', '503 error'],
    [404, {message: 'Not Found'}, 'unavailable', '404 not SCIM'],
    [409, {message: 'Conflict'}, 'conflict', '409 not SCIM'],
    [403, {message: 'Forbidden'}, 'unauthorized', '403 not SCIM'],
    [502, '<html>', 'unavailable', '502 not SCIM'],
    [200, '<html>', 'rejected', '200 not SCIM'],
    [200, '[]', 'rejected', '200 undocumented'],
  ])('%i %j is %s, cause %s', async (status, body, kind, cause) => {
    const {port} = scripted(() => [status, body]);
    expect(await port.users.update('u', update, options)).toMatchObject({failure: {kind, cause, status}});
  });

  test('JSON that AWS does not document is kept, and may have been done', async () => {
    const {port} = scripted(() => [201, {name: 'token-one'}]);
    expect(await port.users.create(person('ada'), options)).toMatchObject({
      failure: {kind: 'rejected', maybeDone: true, exchange: {answerBody: '{"name":"[secret]"}'}},
    });
  });

  test('an address where nothing is refuses no joiner', async () => {
    const {port} = scripted(() => [404, {message: 'Not Found'}]);
    expect(await port.users.create(person('ada'), options)).toMatchObject({
      failure: {kind: 'unavailable', cause: '404 not SCIM'},
    });
  });

  test('a refusal in the schemas of RFC 7644 counts too', async () => {
    const {schema, ...body} = awsError(404) as {schema: string[]};
    const {port} = scripted(() => [404, {...body, schemas: schema}]);
    expect(await port.users.update('u', update, options)).toEqual({ok: true, value: 'missing'});
  });

  test('a 429 says nothing of a wait, and none is made up', async () => {
    const rig = await openRig();
    rig.double.limit = 0;
    const result = await rig.port.users.get('u', options);
    await rig.close();
    expect(result).toMatchObject({failure: {kind: 'throttled', cause: '429 ThrottlingException'}});
    expect(result).not.toHaveProperty('failure.retryAfterMs');
  });
});

describe('the two token slots', () => {
  test('while a token is rotated each of two is tried, and the one that works is kept', async () => {
    const rig = await openRig({token: [token, 'token-of-the-second-slot']});
    await rig.newUser();
    rig.double.tokens = ['token-of-the-second-slot'];
    expect((await rig.asking(() => rig.newUser())).length).toBe(2);
    expect((await rig.asking(() => rig.newUser())).length).toBe(1);
    await rig.close();
  });

  test('when both are refused, both are tried again the next time', async () => {
    const {port, requests} = scripted(() => [401, awsError(401)], {token: ['token-one', 'token-two']});
    for (let i = 0; i < 2; i++)
      expect(await port.users.get('u', options)).toMatchObject({failure: {kind: 'unauthorized'}});
    const sent = requests.map(({headers}) => headers?.['authorization']);
    expect(sent).toEqual(['Bearer token-one', 'Bearer token-two', 'Bearer token-one', 'Bearer token-two']);
  });

  test('a file that was changed counts at once, and its last line break does not', async () => {
    const {port, requests, configure} = scripted(() => [200, listOf()]);
    configure({token: 'token-new\n'});
    await port.users.find({by: 'userName', value: 'x'}, options);
    expect(requests[0]?.headers?.['authorization']).toBe('Bearer token-new');
  });
});

test('every request says who asks; without it AWS refuses a PATCH', async () => {
  const {port, requests} = scripted(() => [200, {id: 'u'}]);
  await port.users.update('u', update, options);
  expect(requests[0]).toMatchObject({
    method: 'PATCH',
    headers: {
      'user-agent': expect.stringMatching(/^avro-scim\/\d/),
      'content-type': 'application/scim+json',
    },
  });
});

test.each([
  'https://scim.eu-west-1.amazonaws.com/tenant/scim/v2',
  'https://scim.eu-west-1.api.aws/tenant/scim/v2/',
])('the endpoint %s, with a slash at its end or without', async (endpoint) => {
  const {port, requests} = scripted(() => [200, {id: 'a b'}], {endpoint});
  value(await port.users.get('a b', options));
  expect(requests[0]?.url.pathname).toBe('/tenant/scim/v2/Users/a%20b');
});

test.each([
  'https://scim.eu-west-1.amazonaws.com/scim/v2',
  'https://eu-west-1.console.aws.amazon.com/singlesignon/home',
  'https://scim.eu-west-1.amazonaws.com/tenant/scim/v2/Users',
  'https://user:pass@scim.eu-west-1.amazonaws.com/tenant/scim/v2',
])('%s is no endpoint', (endpoint) => {
  expect(configSchema.safeParse({endpoint, token: 't'}).success).toBe(false);
});
