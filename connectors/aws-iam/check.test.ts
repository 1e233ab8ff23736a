import {readFile} from 'node:fs/promises';
import {expect, test} from '@jest/globals';
import {awsIam} from './index.ts';
import {configSchema} from './manifest.ts';
import {rights} from './rights.ts';
import {openRig, options, scripted, useCredential, value} from './testing/rig.ts';

test('says which account, and as whom', async () => {
  const rig = await openRig();
  await rig.newUser();
  const report = value(await rig.port.check(options.signal));
  await rig.close();
  expect(report).toEqual({
    summary:
      'AWS IAM answers for account 123456789012, with the credential of the default chain; only the rights to list were ' +
      'tested: allow it iam:SimulatePrincipalPolicy to have all of them tested',
    warnings: [],
  });
});

test('the right that is missing', async () => {
  const rig = await openRig();
  rig.double.denied.add('ListGroups');
  const result = await rig.port.check(options.signal);
  await rig.close();
  expect(result).toMatchObject({
    failure: {kind: 'unauthorized', message: expect.stringContaining('iam:ListGroups')},
  });
});

test('a right to write that is missing is told before a leaver needs it', async () => {
  const rig = await openRig({path: '/people/'});
  rig.double.store.caller = rig.stored((await rig.newUser()).id);
  rig.double.denied.add('PutUserPolicy').add('AddUserToGroup');
  const {summary, warnings} = value(await rig.port.check(options.signal));
  await rig.close();
  expect(summary).not.toContain('tested');
  expect(warnings).toEqual([expect.stringMatching(/: iam:PutUserPolicy, iam:AddUserToGroup$/)]);
});

test('the README gives every right that is used, and no other but to be asked of them', async () => {
  const readme = await readFile(`${import.meta.dirname}/README.md`, 'utf8');
  const given = [...readme.matchAll(/"iam:(\w+)"/g)].map(([, name]) => name);
  expect(given.sort()).toEqual([...Object.values(rights).flat(), 'SimulatePrincipalPolicy'].sort());
});

test('a clock that is off', async () => {
  const rig = await openRig();
  rig.double.now = () => rig.clock.now - 300_000;
  const {warnings} = value(await rig.port.check(options.signal));
  await rig.close();
  expect(warnings).toEqual([expect.stringMatching(/(300|301) s ahead/)]);
});

test('another service at the endpoint', async () => {
  const {port} = scripted(() => [200, '{"Resources":[]}'], {endpoint: 'https://wiki.example'});
  expect(await port.check(options.signal)).toMatchObject({
    failure: {cause: '200 not IAM', message: expect.stringContaining('leave endpoint out')},
  });
});

test('a credential that AWS does not know', async () => {
  const rig = await openRig();
  useCredential('AKIAOTHER');
  const result = await rig.another().check(options.signal);
  await rig.close();
  expect(result).toMatchObject({failure: {kind: 'unauthorized', cause: '403 InvalidClientTokenId'}});
});

test.each([
  {path: 'people'},
  {path: '/people'},
  {assumeRole: {roleArn: 'arn:aws:iam::1:user/x'}},
  {apiKey: 'x'},
])('no config: %j', (config) => {
  expect(configSchema.safeParse(config).success).toBe(false);
  expect(awsIam.manifest.configSchema.safeParse({}).success).toBe(true);
});
