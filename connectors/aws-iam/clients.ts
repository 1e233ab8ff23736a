import type {IAM} from '@aws-sdk/client-iam';
import project from '../../package.json' with {type: 'json'};
import type {ConnectorContext} from '../../src/core/connector.ts';
import type {Failure} from '../../src/core/failure.ts';
import {isOfRole} from './errors.ts';
import type {AwsAccess} from './manifest.ts';
import {createHandler} from './wire.ts';

/** One client of the SDK. */
export interface Client {
  iam: Promise<IAM>;
  /** The id of the key that the default chain has found for it; nothing where it finds none. */
  key(): Promise<string | undefined>;
}

export interface Clients {
  /** By the config as it is now. */
  now(): Client;
  /** Another one for where this one's credential was refused; nothing where the chain finds the same again. */
  after(refused: Client, failure: Failure): Promise<Client | undefined>;
}

/**
 * The SDK keeps a key that has no end for good, and the shared files as they were read first: a key that was rotated would
 * be missed until the program is started again. So the chain is asked anew when AWS refuses what it gave.
 */
export function createClients(context: ConnectorContext<AwsAccess>): Clients {
  let made: {of: string; client: Client} | undefined;
  const now = (): Client => {
    const {region, endpoint, assumeRole} = context.config();
    const of = JSON.stringify([region, endpoint, assumeRole]);
    if (made?.of !== of) made = {of, client: createClient(context)};
    return made.client;
  };
  return {
    now,
    async after(refused, failure) {
      // Others may have been refused at the same time.
      if (made?.client === refused) made = undefined;
      const next = now();
      // A session that was refused is over: the role is assumed again.
      if (context.config().assumeRole && !isOfRole(failure)) return next;
      const [before, key] = await Promise.all([refused.key(), next.key()]);
      if (key !== undefined && key !== before) return next;
      // It knows how far the clock here is off.
      if (made?.client === next) made.client = refused;
      return undefined;
    },
  };
}

/** The SDK is loaded when it is needed: it takes as much memory as the rest of a small service. */
function createClient(context: ConnectorContext<AwsAccess>): Client {
  const {region, endpoint, assumeRole} = context.config();
  const chain = import('@aws-sdk/credential-providers').then(({fromNodeProviderChain}) =>
    fromNodeProviderChain({clientConfig: {region}, ignoreCache: true}),
  );
  const open = async (): Promise<IAM> => {
    const [{IAM}, {fromTemporaryCredentials}, found] = await Promise.all([
      import('@aws-sdk/client-iam'),
      import('@aws-sdk/credential-providers'),
      chain,
    ]);
    // Its own retries know no budget, and take a quota for throttling.
    const settings = {region, maxAttempts: 1, requestHandler: createHandler(context)};
    return new IAM({
      ...settings,
      ...(endpoint === undefined ? {} : {endpoint}),
      credentials: assumeRole
        ? fromTemporaryCredentials({
            params: paramsOf(assumeRole),
            clientConfig: settings,
            masterCredentials: found,
          })
        : found,
      customUserAgent: `avro-scim/${project.version}`,
    });
  };
  const key = async (): Promise<string | undefined> => (await (await chain)()).accessKeyId;
  return {iam: open(), key: () => key().catch(() => undefined)};
}

const paramsOf = ({roleArn, sessionName, externalId}: NonNullable<AwsAccess['assumeRole']>) => ({
  RoleArn: roleArn,
  RoleSessionName: sessionName,
  ...(externalId === undefined ? {} : {ExternalId: externalId}),
});
