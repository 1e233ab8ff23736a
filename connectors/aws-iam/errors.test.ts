import {describe, expect, test} from '@jest/globals';
import {openRig, options, person, scripted} from './testing/rig.ts';
import {errorXml} from './testing/xml.ts';

describe('what IAM answers to a write', () => {
  test.each([
    [400, 'ValidationError', 'rejected'],
    [400, 'Throttling', 'throttled'],
    [400, 'ThrottlingException', 'throttled'],
    [403, 'InvalidClientTokenId', 'unauthorized'],
    [403, 'SignatureDoesNotMatch', 'unauthorized'],
    [400, 'RequestExpired', 'unauthorized'],
    // A quota: the SDK's own retries take it for throttling.
    [409, 'LimitExceeded', 'rejected'],
    [409, 'ConcurrentModification', 'transient'],
    [409, 'EntityTemporarilyUnmodifiable', 'transient'],
  ])('%i %s is %s', async (status, code, kind) => {
    const {port, requests} = scripted(() => [status, errorXml(code, 'in words')]);
    expect(await port.users.create(person('ada'), options)).toMatchObject({
      failure: {
        kind,
        status,
        cause: `${status} ${code.replace(/Exception$/, '')}`,
        exchange: {
          requestBody: expect.stringContaining('Action=CreateUser'),
          answerBody: expect.stringContaining('in words'),
        },
      },
    });
    expect(requests).toHaveLength(1);
  });

  test.each([
    [200, '<html>sign in</html>', {kind: 'rejected', cause: '200 not IAM', maybeDone: true}],
    [404, 'default backend', {kind: 'unavailable', cause: '404 not IAM'}],
    [403, '{"message":"Forbidden"}', {kind: 'unauthorized', cause: '403 not IAM'}],
    [500, errorXml('ServiceFailure', 'x'), {kind: 'transient', cause: '500', maybeDone: true}],
  ])('%i %s is not for the SDK to read', async (status, text, failure) => {
    const {port} = scripted(() => [status, text]);
    expect(await port.users.create(person('ada'), options)).toMatchObject({failure});
  });

  test('a read whose answer was lost has done nothing', async () => {
    const {port} = scripted(() => [500, '']);
    expect(await port.users.find({by: 'userName', value: 'ada'}, options)).not.toHaveProperty(
      'failure.maybeDone',
    );
  });
});

describe('a right that is missing', () => {
  const denied = errorXml('AccessDenied', 'User: arn:aws:sts::1:x is not authorized');
  const isList = ({body = ''}: {body?: string}): boolean => body.includes('Action=ListUsers');

  test('while others are not: a person must see this one change, and the target goes on', async () => {
    const empty = '<ListUsersResponse><ListUsersResult/></ListUsersResponse>';
    const {port} = scripted((request) => (isList(request) ? [200, empty] : [403, denied]));
    expect(await port.users.create(person('ada'), options)).toMatchObject({
      failure: {
        kind: 'rejected',
        cause: '403 AccessDenied CreateUser',
        message: expect.stringContaining('iam:CreateUser'),
      },
    });
  });

  test('and none is there: the credential is refused', async () => {
    const {port} = scripted(() => [403, denied]);
    expect(await port.users.create(person('ada'), options)).toMatchObject({
      failure: {kind: 'unauthorized', cause: '403 AccessDenied'},
    });
  });

  test('and IAM then asks for fewer requests: it is not known', async () => {
    const busy = errorXml('Throttling', 'Rate exceeded');
    const {port} = scripted((request) => (isList(request) ? [400, busy] : [403, denied]));
    expect(await port.users.create(person('ada'), options)).toMatchObject({failure: {kind: 'throttled'}});
  });
});

test('a request is signed for IAM, and leaves as a form with who asks', async () => {
  const {port, requests} = scripted(() => [403, errorXml('AccessDenied', 'x')]);
  await port.users.create(person('ada'), options);
  expect(requests[0]).toMatchObject({
    method: 'POST',
    operation: 'CreateUser',
    headers: {
      authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=AKIATEST\/\d+\/us-east-1\/iam\//),
    },
  });
  expect(requests[0]?.url.href).toBe('https://iam.amazonaws.com/');
  expect(requests[0]?.headers?.['user-agent']).toContain('avro-scim/');
});

test('IAM throttles by a 400', async () => {
  const rig = await openRig();
  rig.double.limit = 0;
  const result = await rig.port.users.get('AIDA1', options);
  await rig.close();
  expect(result).toMatchObject({failure: {kind: 'throttled', cause: '400 Throttling'}});
});
