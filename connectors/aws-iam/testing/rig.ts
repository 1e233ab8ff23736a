import {failed, ok, type Result} from '../../../src/core/failure.ts';
import type {HttpAnswer, HttpRequest, SendRequest} from '../../../src/core/connector.ts';
import type {TargetPort} from '../../../src/core/port.ts';
import type {Remote} from '../../../src/core/resource.ts';
import {createSender} from '../../../src/http.ts';
import {failureOfAnswer} from '../../../src/http/failures.ts';
import {awsIam} from '../index.ts';
import {configSchema, type IamConfig} from '../manifest.ts';
import {startIam, type IamDouble} from './start.ts';
import type {Store, StoredUser} from './store.ts';

export const options = {signal: new AbortController().signal};

export function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

const silent = (): void => undefined;
const log = {debug: silent, info: silent, warn: silent, error: silent};

export interface Rig {
  double: IamDouble;
  port: TargetPort;
  clock: {now: number};
  /** Another replica: the same account, with nothing remembered. */
  another(): TargetPort;
  newUser(name?: string): Promise<Remote>;
  newGroup(name: string): Promise<string>;
  stored(id: string): StoredUser;
  /** What this asks of IAM. */
  asking(run: () => Promise<unknown>): Promise<string[]>;
  close(): Promise<void>;
}

/** Where the default chain looks first. */
export function useCredential(accessKey = 'AKIATEST'): void {
  process.env['AWS_ACCESS_KEY_ID'] = accessKey;
  process.env['AWS_SECRET_ACCESS_KEY'] = 'of-a-test';
}

let people = 0;
export const person = (name: string) => ({
  userName: name,
  externalId: `subject-${name}`,
  active: true,
  displayName: `Person ${name}`,
});

const made = (created: Remote | 'exists'): Remote => {
  if (created === 'exists') throw new Error('there is one already');
  return created;
};

/** The connector at an account of its own. */
export async function openRig(settings: object = {}, rules: Partial<Store> = {}): Promise<Rig> {
  useCredential();
  const double = await startIam('AKIATEST', rules);
  const config: IamConfig = configSchema.parse({endpoint: double.url, ...settings});
  const sender = createSender({
    target: 'aws',
    connections: 2,
    deadlineMs: 5000,
    maxAnswerBytes: 1_000_000,
    now: Date.now,
  });
  const clock = {now: Date.now()};
  const another = (): TargetPort =>
    awsIam.create({target: 'aws', config: () => config, send: sender.send, log, now: () => clock.now});
  const port = another();
  return {
    double,
    port,
    clock,
    another,
    newUser: async (name = `person${++people}`) =>
      made(value(await port.users.create(person(name), options))),
    newGroup: async (displayName) => made(value(await port.groups.create({displayName}, options))).id,
    stored(id) {
      const user = double.store.users.get(id);
      if (!user) throw new Error(`there is no user ${id}`);
      return user;
    },
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

type ScriptedReply = [number, string, HttpAnswer['headers']?];

/** A connector whose account is a function of the request. */
export function scripted(
  reply: (request: HttpRequest) => ScriptedReply,
  settings: object = {},
): {port: TargetPort; requests: HttpRequest[]} {
  useCredential();
  const config = configSchema.parse(settings);
  const requests: HttpRequest[] = [];
  const send: SendRequest = (request) => {
    requests.push(request);
    const [status, text, headers = {}] = reply(request);
    const answer = {status, headers, text};
    const isFine = status < 300 || request.accept?.includes(status);
    return Promise.resolve(isFine ? ok(answer) : failed(failureOfAnswer(request, answer, 0)));
  };
  return {port: awsIam.create({target: 'aws', config: () => config, send, log, now: Date.now}), requests};
}
