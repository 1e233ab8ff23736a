import {expect, test} from '@jest/globals';
import {connectors} from './index.ts';

const role = 'arn:aws:iam::123456789012:role/scim';

test.each<[string, object, string | undefined]>([
  ['scim', {baseUrl: 'https://a.example/scim/v2', auth: {bearer: 'x'}}, 'https://a.example/scim/v2'],
  ['okta', {orgUrl: 'https://a.okta.com', auth: {apiToken: 'x'}}, 'https://a.okta.com'],
  ['github-enterprise', {enterprise: 'Acme', auth: {token: 'x'}}, 'https://api.github.com/enterprises/acme'],
  ['github-organization', {organization: 'Acme', auth: {token: 'x'}}, 'https://api.github.com/orgs/acme'],
  [
    'aws-identity-center',
    {endpoint: 'https://scim.eu-west-1.amazonaws.com/abc-1/scim/v2/', token: 'x'},
    'https://scim.eu-west-1.amazonaws.com/abc-1/scim/v2/',
  ],
  ['aws-iam', {assumeRole: {roleArn: role}}, 'AWS account 123456789012'],
  ['aws-iam', {}, undefined],
])('%s tells which tenant it is about, without a secret', (id, config, tenant) => {
  const manifest = connectors.find((one) => one.manifest.id === id)?.manifest;
  expect(manifest?.tenantOf?.(manifest.configSchema.parse(config))).toBe(tenant);
});
