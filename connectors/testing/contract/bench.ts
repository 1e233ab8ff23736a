import type {HttpAnswer, Logger, SendRequest} from '../../../src/core/connector.ts';
import {failed, ok, type Result} from '../../../src/core/failure.ts';
import type {CallOptions, TargetPort} from '../../../src/core/port.ts';
import type {Attributes, Remote} from '../../../src/core/resource.ts';
import {createSender, type Sender} from '../../../src/http.ts';
import {failureOfAnswer, failureOfLoss} from '../../../src/http/failures.ts';

/** What a connector brings to the suite: a service that is there, empty or not, and a port to it. */
export interface ContractTarget {
  /** The connector's port, with the suite's own way to send and to log. */
  connect(context: {send: SendRequest; log: Logger; now: () => number}): TargetPort;
  /** Texts that may stand in no failure and no log line. */
  secrets: readonly string[];
  /** A user that the service takes; `key` makes it another one. */
  user(key: string): Attributes;
  group(key: string): Attributes;
  /** What may stand between the words of a group's name; a blank unless the service takes none. */
  wordBreak?: string;
  /** Has this user signed in and left sessions, keys or tokens, so that each cut-off step has something to end. */
  use?(id: string): void | Promise<void>;
  close(): Promise<void>;
}

/** The answer that the service gives in place of its own; `lost` is none at all. */
export type Injected = {status: number; text?: string; headers?: HttpAnswer['headers']} | 'lost';

export interface Bench {
  port: TargetPort;
  /** A user that the service has now. */
  newUser(): Promise<Remote & {key: string}>;
  target: ContractTarget;
  sender: Sender;
  /** How many requests have left since the suite began. */
  sent: number;
  inject?: Injected | undefined;
  /** Every failure and log line, as text. */
  said: string[];
}

export const options = (): CallOptions => ({signal: new AbortController().signal});
export const fresh = (): string => crypto.randomUUID().slice(0, 8);

export function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.failure.cause}: ${JSON.stringify(result.failure)}`);
  return result.value;
}

export function remote(created: Remote | 'exists' | undefined): Remote {
  if (created === undefined || created === 'exists') throw new Error(`expected a resource, got ${created}`);
  return created;
}

export async function openBench(makeTarget: () => Promise<ContractTarget>): Promise<Bench> {
  const target = await makeTarget();
  const sender = createSender({
    target: 'contract',
    connections: 8,
    deadlineMs: 10_000,
    maxAnswerBytes: 10_000_000,
    now: Date.now,
  });
  const said: string[] = [];
  const say = (fields: object, message: string): void => {
    said.push(JSON.stringify({fields, message}));
  };
  const log: Logger = {debug: say, info: say, warn: say, error: say};
  const send: SendRequest = async (request) => {
    bench.sent++;
    const answered = bench.inject ? injected(bench.inject, request) : await sender.send(request);
    if (!answered.ok) said.push(JSON.stringify(answered.failure));
    return answered;
  };
  const port = target.connect({send, log, now: Date.now});
  const newUser = async (): Promise<Remote & {key: string}> => {
    const key = fresh();
    return {...remote(value(await port.users.create(target.user(key), options()))), key};
  };
  const bench: Bench = {port, newUser, target, sender, said, sent: 0};
  return bench;
}

function injected(answer: Injected, request: Parameters<SendRequest>[0]): Result<HttpAnswer> {
  if (answer === 'lost') return failed(failureOfLoss(request, {why: 'deadline', sent: true}));
  const whole: HttpAnswer = {headers: {}, text: '', ...answer};
  const isAnswer = whole.status < 300 || request.accept?.includes(whole.status);
  return isAnswer ? ok(whole) : failed(failureOfAnswer(request, whole, Date.now()));
}
