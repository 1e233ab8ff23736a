import {afterEach, beforeEach, describe, expect, test} from '@jest/globals';
import {openRig, options, scripted, value, type Rig} from './testing/rig.ts';
import {errorXml} from './testing/xml.ts';

const assumeRole = {roleArn: 'arn:aws:iam::123456789012:role/avro-scim', externalId: 'of-a-test'};
const before = process.env['AWS_ENDPOINT_URL_STS'];
let rig: Rig;
beforeEach(async () => {
  rig = await openRig({assumeRole});
  process.env['AWS_ENDPOINT_URL_STS'] = rig.double.url;
});
afterEach(async () => {
  if (before === undefined) delete process.env['AWS_ENDPOINT_URL_STS'];
  else process.env['AWS_ENDPOINT_URL_STS'] = before;
  await rig.close();
});

test('the role is assumed once, and asks from then on', async () => {
  rig.double.accessKeys = ['AKIATEST'];
  expect(await rig.asking(() => rig.newUser())).toEqual(['AssumeRole', 'CreateUser']);
  expect(await rig.asking(() => rig.newUser())).toEqual(['CreateUser']);
  const {summary, warnings} = value(await rig.port.check(options.signal));
  expect(summary).toMatch(/as the role arn:aws:iam::123456789012:role\/avro-scim$/);
  expect(warnings).toEqual([]);
});

test('a role that may not be assumed is named with what lets it be', async () => {
  rig.double.denied.add('AssumeRole');
  const result = await rig.port.users.get('AIDA1', options);
  expect(result).toMatchObject({
    failure: {
      kind: 'unauthorized',
      cause: 'AssumeRole 403 AccessDenied',
      message: expect.stringMatching(/sts:AssumeRole.*trust policy/),
    },
  });
  expect(result).not.toHaveProperty('failure.exchange');
});

describe('an STS that gives no role is not a credential that is refused', () => {
  test.each([
    [503, '', 'unavailable', 'AssumeRole 503'],
    [400, errorXml('Throttling', 'Rate exceeded'), 'throttled', 'AssumeRole 400 Throttling'],
    [200, '<html>sign in</html>', 'transient', 'AssumeRole 200 not IAM'],
  ])('%i %s', async (status, text, kind, cause) => {
    const {port} = scripted(() => [status, text], {assumeRole});
    const result = await port.users.create({userName: 'ada'}, options);
    expect(result).toMatchObject({failure: {kind, cause}});
    expect(result).not.toHaveProperty('failure.maybeDone');
  });

  test('nobody answers', async () => {
    await rig.close();
    expect(await rig.port.users.get('AIDA1', options)).toMatchObject({
      failure: {kind: 'unavailable', message: expect.stringContaining('role to assume')},
    });
    rig = await openRig();
  });
});
