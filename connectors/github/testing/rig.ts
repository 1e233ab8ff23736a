import {exportPKCS8, generateKeyPair} from 'jose';
import type {
  Connector,
  ConnectorContext,
  HttpAnswer,
  HttpRequest,
  SendRequest,
} from '../../../src/core/connector.ts';
import {failed, ok, type Result} from '../../../src/core/failure.ts';
import type {TargetPort} from '../../../src/core/port.ts';
import type {Remote} from '../../../src/core/resource.ts';
import {createSender} from '../../../src/http.ts';
import {failureOfAnswer} from '../../../src/http/failures.ts';
import {startGithub, type GithubDouble} from './start.ts';
import type {Rules} from './world.ts';

export const options = {signal: new AbortController().signal};

export function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

export function remote(created: Remote | 'exists' | undefined): Remote {
  if (created === undefined || created === 'exists') throw new Error('expected a resource');
  return created;
}

const silent = (): void => undefined;
const log = {debug: silent, info: silent, warn: silent, error: silent};

/** A token (classic) with every scope that a connector needs. */
export const token = 'ghp_contract-of-an-owner';
export const scopes = ['admin:org', 'scim:enterprise', 'admin:enterprise'];

export interface Rig {
  double: GithubDouble;
  port: TargetPort;
  clock: {now: number};
  /** Replaces settings, as a changed secret file does. */
  configure(settings: object): void;
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
  let config = parse({});
  const sender = createSender({
    target: 'github',
    connections: 2,
    deadlineMs: 5000,
    maxAnswerBytes: 1_000_000,
    now: Date.now,
  });
  const context = {
    target: 'github',
    config: () => config,
    send: sender.send,
    log,
    now: () => clock.now,
  };
  return {
    double,
    port: connector.create(context),
    clock,
    configure: (more) => (config = parse(more)),
    async close() {
      await sender.close();
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

type ScriptedReply = [number, (object | string)?, HttpAnswer['headers']?];

/** A connector whose GitHub is a function of the request. */
export function scripted(
  connector: Connector,
  settings: object,
  reply: (request: HttpRequest, nth: number) => ScriptedReply,
): {port: TargetPort; requests: HttpRequest[]; clock: {now: number}; configure: (settings: object) => void} {
  const parse = (more: object): unknown =>
    connector.manifest.configSchema.parse({auth: {token: 'ghp_t'}, ...settings, ...more});
  let config = parse({});
  const requests: HttpRequest[] = [];
  const clock = {now: Date.parse('2026-01-01T00:00:00Z')};
  const send: SendRequest = (request) => {
    requests.push(request);
    const [status, body = '', headers = {}] = reply(request, requests.length);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer: HttpAnswer = {status, headers, text};
    const isFine = status < 300 || request.accept?.includes(status);
    return Promise.resolve(isFine ? ok(answer) : failed(failureOfAnswer(request, answer, clock.now)));
  };
  const context: ConnectorContext<unknown> = {
    target: 'github',
    config: () => config,
    send,
    log,
    now: () => clock.now,
  };
  return {port: connector.create(context), requests, clock, configure: (more) => (config = parse(more))};
}
