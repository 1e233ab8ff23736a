import * as runner from 'node:test';
import {describeContract, type ContractTarget} from 'avro-scim/testing';
import {startDeskbook} from './double.ts';
import {connector} from './index.ts';
import {configSchema} from './manifest.ts';

const makeTarget = async (): Promise<ContractTarget> => {
  const token = `contract-${crypto.randomUUID()}`;
  const double = await startDeskbook(token);
  const config = configSchema.parse({baseUrl: double.url, token});
  return {
    connect: (context) => connector.create({...context, target: 'contract', config: () => config}),
    secrets: [token],
    user: (key) => ({
      userName: `user.${key}@example.com`,
      externalId: `subject-${key}`,
      displayName: `User ${key}`,
      emails: [{value: `user.${key}@example.com`, type: 'work', primary: true}],
      active: true,
    }),
    group: (key) => ({displayName: `team ${key}`, externalId: `group-${key}`}),
    use: (id) => double.signIn(id),
    close: () => double.close(),
  };
};

describeContract('deskbook', makeTarget, runner);
