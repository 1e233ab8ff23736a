import type {HttpAnswer, HttpRequest, SendRequest} from '../../../src/core/connector.ts';
import {failed, ok, type Result} from '../../../src/core/failure.ts';
import type {TargetPort} from '../../../src/core/port.ts';
import type {Remote} from '../../../src/core/resource.ts';
import {createSender} from '../../../src/http.ts';
import {failureOfAnswer} from '../../../src/http/failures.ts';
import {awsIdentityCenter} from '../index.ts';
import {configSchema, type IdentityCenterConfig} from '../manifest.ts';
import {startIdentityCenter, type IdentityCenterDouble} from './start.ts';
import type {Store} from './store.ts';

export const options = {signal: new AbortController().signal};

export function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

const silent = (): void => undefined;
const log = {debug: silent, info: silent, warn: silent, error: silent};

export interface Rig {
  double: IdentityCenterDouble;
  port: TargetPort;
  /** Replaces settings, as a changed secret file does. */
  configure(settings: object): void;
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

const made = (created: Remote | 'exists'): Remote => {
  if (created === 'exists') throw new Error('there is one already');
  return created;
};

/** The connector at an Identity Center of its own. */
export async function openRig(settings: object = {}, rules: Partial<Store> = {}): Promise<Rig> {
  const double = await startIdentityCenter(token, rules);
  const parse = (more: object): IdentityCenterConfig =>
    configSchema.parse({endpoint: double.url, token, ...settings, ...more});
  let config = parse({});
  const sender = createSender({
    target: 'aws',
    connections: 2,
    deadlineMs: 5000,
    maxAnswerBytes: 1_000_000,
    now: Date.now,
  });
  const now = (): number => double.store.now();
  const port = awsIdentityCenter.create({target: 'aws', config: () => config, send: sender.send, log, now});
  return {
    double,
    port,
    configure: (more) => (config = parse(more)),
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
      await sender.close();
      await double.close();
    },
  };
}

type ScriptedReply = [number, (object | string)?, HttpAnswer['headers']?];

/** A connector whose endpoint is a function of the request. */
export function scripted(
  reply: (request: HttpRequest, nth: number) => ScriptedReply,
  settings: object = {},
): {port: TargetPort; requests: HttpRequest[]; clock: {now: number}; configure: (settings: object) => void} {
  const endpoint = 'https://scim.eu-west-1.amazonaws.com/tenant/scim/v2/';
  const parse = (more: object): IdentityCenterConfig =>
    configSchema.parse({endpoint, token: 'token-one', ...settings, ...more});
  let config = parse({});
  const requests: HttpRequest[] = [];
  const clock = {now: Date.parse('2026-01-01T00:00:00Z')};
  const send: SendRequest = (request) => {
    requests.push(request);
    const [status, body = '', headers = {}] = reply(request, requests.length);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const isFine = status < 300 || request.accept?.includes(status);
    const answer = {status, headers, text};
    return Promise.resolve(isFine ? ok(answer) : failed(failureOfAnswer(request, answer, clock.now)));
  };
  const port = awsIdentityCenter.create({
    target: 'aws',
    config: () => config,
    send,
    log,
    now: () => clock.now,
  });
  return {port, requests, clock, configure: (more) => (config = parse(more))};
}

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
