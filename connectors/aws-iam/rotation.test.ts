import {afterEach, beforeEach, expect, test} from '@jest/globals';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {openRig, options, scripted, value, type Rig} from './testing/rig.ts';
import {errorXml} from './testing/xml.ts';

const names = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_CONFIG_FILE',
  'AWS_ENDPOINT_URL_STS',
];
const before = names.map((name) => [name, process.env[name]] as const);
const folder = mkdtempSync(join(tmpdir(), 'avro-scim-aws-'));
const file = join(folder, 'credentials');
const keep = (key: string): void =>
  writeFileSync(file, `[default]\naws_access_key_id = ${key}\naws_secret_access_key = of-a-test\n`);
let rig: Rig;

async function openWithFile(settings: object): Promise<void> {
  rig = await openRig(settings);
  delete process.env['AWS_ACCESS_KEY_ID'];
  delete process.env['AWS_SECRET_ACCESS_KEY'];
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = file;
  process.env['AWS_CONFIG_FILE'] = join(folder, 'none');
  process.env['AWS_ENDPOINT_URL_STS'] = rig.double.url;
  rig.double.accessKeys = ['AKIAOLD'];
  keep('AKIAOLD');
}

beforeEach(() => openWithFile({}));
afterEach(async () => {
  for (const [name, text] of before)
    if (text === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = text;
  await rig.close();
  rmSync(file, {force: true});
});

test('a key that was rotated in the shared file is found when the old one is refused', async () => {
  await rig.newUser();
  keep('AKIANEW');
  rig.double.accessKeys = ['AKIANEW'];
  expect(await rig.asking(() => rig.newUser())).toEqual(['CreateUser', 'CreateUser']);
  expect(await rig.asking(() => rig.newUser())).toEqual(['CreateUser']);
});

test('so it is for many at once, each of whom asks once more', async () => {
  await rig.newUser();
  keep('AKIANEW');
  rig.double.accessKeys = ['AKIANEW'];
  const asked = await rig.asking(() => Promise.all([rig.newUser(), rig.newUser(), rig.newUser()]));
  expect(asked).toHaveLength(6);
});

test('one that is refused, and is still the one that is found, is not tried twice', async () => {
  await rig.newUser();
  rig.double.accessKeys = [];
  const asked = await rig.asking(async () => {
    expect(await rig.port.users.create({userName: 'ada'}, options)).toMatchObject({
      failure: {kind: 'unauthorized', cause: '403 InvalidClientTokenId'},
    });
  });
  expect(asked).toEqual(['CreateUser']);
  keep('AKIANEW');
  rig.double.accessKeys = ['AKIANEW'];
  expect(value(await rig.port.check(options.signal)).summary).toContain('AWS IAM answers');
});

test('the identity that assumes a role is found anew, too', async () => {
  await rig.close();
  await openWithFile({assumeRole: {roleArn: 'arn:aws:iam::123456789012:role/avro-scim'}});
  rig.double.accessKeys = ['AKIAOLD'];
  await rig.newUser();
  keep('AKIANEW');
  rig.double.accessKeys = ['AKIANEW'];
  expect(await rig.asking(() => rig.newUser())).toEqual(['CreateUser', 'AssumeRole', 'CreateUser']);
});

test.each(['SignatureDoesNotMatch', 'RequestExpired', 'InvalidClientTokenId'])(
  'a refusal that another key does not mend (%s) leaves the SDK what it has learned of the clock',
  async (code) => {
    const ahead = new Date(Date.now() + 3 * 3_600_000);
    const {port, requests} = scripted(() => [403, errorXml(code, 'no'), {date: ahead.toUTCString()}]);
    keep('AKIAOLD');
    for (let i = 0; i < 2; i++) await port.users.create({userName: 'ada'}, options);
    expect(requests).toHaveLength(2);
    const signedAt = String(requests[1]?.headers?.['x-amz-date']).replace(
      /^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/,
      '$1-$2-$3:$4:$5',
    );
    expect(Math.abs(Date.parse(signedAt) - ahead.getTime())).toBeLessThan(60_000);
  },
);
