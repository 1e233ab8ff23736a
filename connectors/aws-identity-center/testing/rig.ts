import type {Remote} from '../../../src/core/resource.ts';
import {made, options, scriptedPort, sendingPort, value, type Configured} from '../../testing/rig.ts';
import type {Script} from '../../testing/scripted.ts';
import {awsIdentityCenter} from '../index.ts';
import {configSchema, type IdentityCenterConfig} from '../manifest.ts';
import {startIdentityCenter, type IdentityCenterDouble} from './start.ts';
import type {Store} from './store.ts';

export {options, value};

export interface Rig extends Configured {
  double: IdentityCenterDouble;
  newUser(name?: string): Promise<Remote>;
  newGroup(displayName: string): Promise<string>;
  /** What this asks of AWS. */
  asking(run: () => Promise<unknown>): Promise<string[]>;
  close(): Promise<void>;
}

export const token = 'token-of-the-first-slot';
let people = 0;

/** A person with all that AWS demands. */
export const person = (name: string) => ({
  userName: `${name}@example.com`,
  externalId: `subject-${name}`,
  active: true,
  displayName: `Person ${name}`,
  name: {givenName: 'Person', familyName: name},
});

/** The connector at an Identity Center of its own. */
export async function openRig(settings: object = {}, rules: Partial<Store> = {}): Promise<Rig> {
  const double = await startIdentityCenter(token, rules);
  const parse = (more: object): IdentityCenterConfig =>
    configSchema.parse({endpoint: double.url, token, ...settings, ...more});
  const {port, configure, close} = sendingPort(awsIdentityCenter, parse, () => double.store.now());
  return {
    double,
    port,
    configure,
    newUser: async (name = `person${++people}`) =>
      made(value(await port.users.create(person(name), options))),
    newGroup: async (displayName) =>
      made(value(await port.groups.create({displayName, externalId: `g-${displayName}`}, options))).id,
    async asking(run) {
      const before = double.asked.length;
      await run();
      return double.asked.slice(before);
    },
    async close() {
      await close();
      await double.close();
    },
  };
}

const endpoint = 'https://scim.eu-west-1.amazonaws.com/tenant/scim/v2/';

/** A connector whose endpoint is a function of the request. */
export const scripted = (reply: Script, settings: object = {}) =>
  scriptedPort(
    awsIdentityCenter,
    (more) => configSchema.parse({endpoint, token: 'token-one', ...settings, ...more}),
    reply,
  );

/** A list's answer, in the older form. */
export const listOf = (...rows: object[]): object => ({
  schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
  totalResults: rows.length,
  itemsPerPage: rows.length,
  startIndex: 1,
  Resources: rows,
});

/** AWS's own error, as it says it. */
export const awsError = (status: number): object => ({
  schema: ['urn:ietf:params:scim:api:messages:2.0:Error'],
  detail: 'in words',
  status: String(status),
  exceptionRequestId: '88d9c6f3',
  timeStamp: '2026-01-26 16:50:48.135',
});
