import {describeConnector, type ContractTarget, type ServiceError} from '../testing/contract.ts';
import {contractUser} from '../testing/people.ts';
import {awsIam} from './index.ts';
import {configSchema, manifest} from './manifest.ts';
import {startIam} from './testing/start.ts';
import {equip} from './testing/store.ts';

/** As the default chain finds it first. */
const accessKey = 'AKIACONTRACT';
const secretKey = `contract-${crypto.randomUUID()}`;
process.env['AWS_ACCESS_KEY_ID'] = accessKey;
process.env['AWS_SECRET_ACCESS_KEY'] = secretKey;

const said = (code: string): string =>
  `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>${code}</Code>` +
  '<Message>in words</Message></Error><RequestId>r</RequestId></ErrorResponse>';

/** https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html */
const errors: ServiceError[] = [
  {answer: {status: 400, text: said('ValidationError')}, failure: {kind: 'rejected', status: 400}},
  {answer: {status: 400, text: said('Throttling')}, failure: {kind: 'throttled'}},
  {answer: {status: 403, text: said('InvalidClientTokenId')}, failure: {kind: 'unauthorized'}},
  {answer: {status: 409, text: said('ConcurrentModification')}, failure: {kind: 'transient'}},
  {answer: {status: 500, text: said('ServiceFailure')}, failure: {kind: 'transient', status: 500}},
];

async function makeTarget(): Promise<ContractTarget> {
  const double = await startIam(accessKey, {pageSize: 3});
  const config = configSchema.parse({endpoint: double.url});
  return {
    connect: (context) => awsIam.create({...context, target: 'contract', config: () => config}),
    secrets: [secretKey],
    leaves: manifest.cutOff?.leaves,
    user: contractUser,
    group: (key) => ({displayName: `group-${key}`, externalId: `group-${key}`}),
    wordBreak: '-',
    use(id) {
      const user = double.store.users.get(id);
      if (user) equip(double.store, user);
    },
    left(id) {
      const user = double.store.users.get(id);
      if (!user) return [];
      const active = [user.keys, user.services, user.certificates, user.ssh].flatMap((held) =>
        [...held].flatMap(([name, status]) => (status === 'Active' ? [name] : [])),
      );
      const isDenied = [...user.inline.values()].some((policy) =>
        decodeURIComponent(policy).includes('Deny'),
      );
      return [...active, ...(user.hasPassword ? ['a password'] : []), ...(isDenied ? [] : ['no deny'])];
    },
    received: () => double.store.requests,
    errors,
    close: () => double.close(),
  };
}

describeConnector('aws-iam', makeTarget);
