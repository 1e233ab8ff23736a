import type {Remote} from '../../../src/core/resource.ts';
import {made, options, scriptedPort, sendingPort, value, type Configured} from '../../testing/rig.ts';
import type {Script} from '../../testing/scripted.ts';
import {okta} from '../index.ts';
import {configSchema, type OktaConfig} from '../manifest.ts';
import type {OrgRules} from './operations.ts';
import {startOkta, type OktaDouble} from './start.ts';

export {options, value};

export interface Rig extends Configured {
  double: OktaDouble;
  /** A user in this status. */
  newUser(status: string, name?: string): Promise<Remote>;
  close(): Promise<void>;
}

let users = 0;

/** The connector at an org of its own. */
export async function openRig(settings: object = {}, rules: Partial<OrgRules> = {}): Promise<Rig> {
  const double = await startOkta('00good', rules);
  const parse = (more: object): OktaConfig =>
    configSchema.parse({orgUrl: double.url, auth: {apiToken: '00good'}, ...settings, ...more});
  const {port, configure, close} = sendingPort(okta, parse, () => double.rules.store.now());
  return {
    double,
    port,
    configure,
    async newUser(status, name = `person${++users}`) {
      const created = made(value(await port.users.create(person(name), options)));
      const user = double.rules.store.users.get(created.id);
      if (user) user.status = status;
      return created;
    },
    async close() {
      await close();
      await double.close();
    },
  };
}

/** A person with all that Okta demands. */
export const person = (name: string) => ({
  userName: `${name}@example.com`,
  externalId: `subject-${name}`,
  active: true,
  name: {givenName: 'Person', familyName: name},
});

/** A connector whose org is a function of the request. */
export const scripted = (reply: Script, settings: object = {}) =>
  scriptedPort(
    okta,
    (more) =>
      configSchema.parse({orgUrl: 'https://acme.okta.com', auth: {apiToken: '00t'}, ...settings, ...more}),
    reply,
  );
