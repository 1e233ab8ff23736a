import {exportPKCS8, generateKeyPair} from 'jose';
import type {Connector} from '../../../src/core/connector.ts';
import {scriptedPort, sendingPort, type Configured} from '../../testing/rig.ts';
import type {Script} from '../../testing/scripted.ts';
import {startGithub, type GithubDouble} from './start.ts';
import type {Rules} from './world.ts';

export {made as remote, options, value} from '../../testing/rig.ts';

/** A token (classic) with every scope that a connector needs. */
export const token = 'ghp_contract-of-an-owner';
export const scopes = ['admin:org', 'scim:enterprise', 'admin:enterprise'];

export interface Rig extends Configured {
  double: GithubDouble;
  clock: {now: number};
  close(): Promise<void>;
}

/** The connector at a GitHub of its own. */
export async function openRig(
  connector: Connector,
  settings: object,
  rules: Partial<Rules> = {},
): Promise<Rig> {
  const double = await startGithub(rules);
  double.credentials.tokens.set(token, scopes);
  const clock = {now: Date.now()};
  double.store.now = () => clock.now;
  const parse = (more: object): unknown =>
    connector.manifest.configSchema.parse({apiUrl: double.url, auth: {token}, ...settings, ...more});
  const {port, configure, close} = sendingPort(connector, parse, () => clock.now);
  return {
    double,
    port,
    clock,
    configure,
    async close() {
      await close();
      await double.close();
    },
  };
}

/** Has the double know an App; its settings for `auth.app`. */
export async function withApp({credentials}: GithubDouble): Promise<{
  id: string;
  privateKey: string;
  installationId: number;
}> {
  const {publicKey, privateKey} = await generateKeyPair('RS256', {extractable: true});
  credentials.app.keys.push(publicKey);
  const {id, installationId} = credentials.app;
  return {id, installationId, privateKey: await exportPKCS8(privateKey)};
}

/** A person with all that GitHub demands. */
export const person = (name: string) => ({
  userName: `${name}@example.com`,
  externalId: `subject-${name}`,
  active: true,
  displayName: `Person ${name}`,
  name: {givenName: 'Person', familyName: name},
  emails: [{value: `${name}@example.com`, type: 'work', primary: true}],
});

/** A connector whose GitHub is a function of the request. */
export const scripted = (connector: Connector, settings: object, reply: Script) =>
  scriptedPort(
    connector,
    (more): unknown => connector.manifest.configSchema.parse({auth: {token: 'ghp_t'}, ...settings, ...more}),
    reply,
  );
