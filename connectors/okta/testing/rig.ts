import type {ConnectorContext, HttpRequest} from '../../../src/core/connector.ts';
import type {Result} from '../../../src/core/failure.ts';
import type {TargetPort} from '../../../src/core/port.ts';
import type {Remote} from '../../../src/core/resource.ts';
import {createSender} from '../../../src/http.ts';
import {scriptedSender, silent, type Script} from '../../testing/scripted.ts';
import {okta} from '../index.ts';
import {configSchema, type OktaConfig} from '../manifest.ts';
import type {OrgRules} from './operations.ts';
import {startOkta, type OktaDouble} from './start.ts';

export const options = {signal: new AbortController().signal};

export function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

export interface Rig {
  double: OktaDouble;
  port: TargetPort;
  /** Replaces settings, as a changed secret file does. */
  configure(settings: object): void;
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
  let config = parse({});
  const sender = createSender({
    target: 'okta',
    connections: 2,
    deadlineMs: 5000,
    maxAnswerBytes: 1_000_000,
    now: Date.now,
  });
  const context = {
    target: 'okta',
    config: () => config,
    send: sender.send,
    log: silent,
    now: () => double.rules.store.now(),
  };
  const port = okta.create(context);
  return {
    double,
    port,
    configure: (more) => (config = parse(more)),
    async newUser(status, name = `person${++users}`) {
      const created = value(await port.users.create(person(name), options));
      if (created === 'exists') throw new Error(`there is a ${name} already`);
      const user = double.rules.store.users.get(created.id);
      if (user) user.status = status;
      return created;
    },
    async close() {
      await sender.close();
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
export function scripted(
  reply: Script,
  settings: object = {},
): {port: TargetPort; requests: HttpRequest[]; clock: {now: number}; configure: (settings: object) => void} {
  const parse = (more: object): OktaConfig =>
    configSchema.parse({orgUrl: 'https://acme.okta.com', auth: {apiToken: '00t'}, ...settings, ...more});
  let config = parse({});
  const {send, requests, clock} = scriptedSender(reply);
  const context: ConnectorContext<OktaConfig> = {
    target: 'okta',
    config: () => config,
    send,
    log: silent,
    now: () => clock.now,
  };
  return {port: okta.create(context), requests, clock, configure: (more) => (config = parse(more))};
}
