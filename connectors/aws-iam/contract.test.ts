import {describeConnector, type ContractTarget} from '../testing/contract.ts';
import {awsIam} from './index.ts';
import {configSchema} from './manifest.ts';
import {startIam} from './testing/start.ts';
import {equip} from './testing/store.ts';

/** As the default chain finds it first. */
const accessKey = 'AKIACONTRACT';
const secretKey = `contract-${crypto.randomUUID()}`;
process.env['AWS_ACCESS_KEY_ID'] = accessKey;
process.env['AWS_SECRET_ACCESS_KEY'] = secretKey;

async function makeTarget(): Promise<ContractTarget> {
  const double = await startIam(accessKey, {pageSize: 3});
  const config = configSchema.parse({endpoint: double.url});
  return {
    connect: (context) => awsIam.create({...context, target: 'contract', config: () => config}),
    secrets: [secretKey],
    user: (key) => ({
      userName: `user.${key}@example.com`,
      externalId: `subject-${key}`,
      active: true,
      displayName: `User ${key}`,
      title: null,
    }),
    group: (key) => ({displayName: `group-${key}`, externalId: `group-${key}`}),
    wordBreak: '-',
    use(id) {
      const user = double.store.users.get(id);
      if (user) equip(double.store, user);
    },
    close: () => double.close(),
  };
}

describeConnector('aws-iam', makeTarget);
