import type {HttpAnswer, HttpRequest, Logger, SendRequest} from '../../../src/core/connector.ts';
import {upsert, type Upserted} from '../../../src/core/engine/upsert.ts';
import {failed, ok, type Failure, type Result} from '../../../src/core/failure.ts';
import type {CallOptions, LookUp, ResourcePort, TargetPort} from '../../../src/core/port.ts';
import type {Attributes, Remote} from '../../../src/core/resource.ts';
import {createSender, type Sender} from '../../../src/http.ts';
import {failureOfAnswer, failureOfLoss} from '../../../src/http/failures.ts';
import {heard} from './heard.ts';
import {openRelay, type Relay} from './relay.ts';

/** What a connector brings to the suite: a service that is there, empty or not, and a port to it. */
export interface ContractTarget {
  /** The connector's port, with the suite's own way to send and to log. */
  connect(context: {send: SendRequest; log: Logger; now: () => number}): TargetPort;
  /** Texts that may stand in no result and no log line. */
  secrets: readonly string[];
  /** A user that the service takes; `key` makes it another one. */
  user(key: string): Attributes;
  group(key: string): Attributes;
  /** False where the service has no groups at all: nothing is asked of them. */
  hasGroups?: boolean;
  /** The service takes no update of a user but `active`: whatever else is wanted later stays as it was created. */
  isFixed?: boolean;
  /** The service deletes nobody: who is to be deleted is deactivated. */
  keepsUsers?: boolean;
  /** False where the service keeps no externalId: nobody is found by one. */
  keepsExternalId?: boolean;
  /** What may stand between the words of a group's name; a blank unless the service takes none. */
  wordBreak?: string;
  /** Has this user signed in and left sessions, keys or tokens, so that each cut-off step has something to end. */
  use?(id: string): void | Promise<void>;
  /** What this user, who may be gone by now, could still use at the service: looked up in the service, not by the port. */
  left?(id: string): readonly string[] | Promise<readonly string[]>;
  /** `cutOff.leaves` of the manifest: where there is such access, a receipt of somebody who had some says that it remains. */
  leaves?: readonly string[] | undefined;
  /** Whether a request goes to another service beside the target's own: trouble there shuts no gate, it is the change's alone. */
  isBeside?(request: HttpRequest): boolean;
  /** How many requests the service has received. */
  received?(): number | Promise<number>;
  /** Answers to a write in the service's own words, and what each has to become. */
  errors?: readonly ServiceError[];
  close(): Promise<void>;
}

export interface ServiceError {
  answer: Answered;
  failure: Partial<Failure>;
}

export interface Answered {
  status: number;
  text?: string;
  headers?: HttpAnswer['headers'];
}

/**
 * What becomes of a request: an answer in place of the service's; `lost`: the service carries it out, and the connection breaks
 * before its answer comes; `hang`: nobody answers; or another request goes out in its place.
 */
export type Injected = Answered | 'lost' | 'hang' | {instead: HttpRequest};

/** What becomes of the nth request from now on; nothing: it goes its way. */
export type Inject = (request: HttpRequest, nth: number) => Injected | undefined;

export interface Bench {
  port: TargetPort;
  /** A user that the service has now. */
  newUser: () => Promise<Remote & {key: string}>;
  newGroup: () => Promise<{id: string; key: string}>;
  target: ContractTarget;
  sender: Sender;
  relay: Relay;
  /** Every request that left since the suite began. */
  requests: HttpRequest[];
  /** Runs with requests injected into, and ends that. */
  during: <T>(inject: Injected | Inject, run: () => Promise<T>) => Promise<T>;
  /** Runs, and says how many requests left meanwhile. */
  counting: (run: () => Promise<unknown>) => Promise<number>;
  /** How many requests left after the first answer that was injected last: what was under way by then is none of them. */
  sentAfterAnswer: () => number;
  /** Every result, failure and log line, as text. */
  said: string[];
  /** Removes the users and groups that `newUser` and `newGroup` made: lists stay short. */
  clear: () => Promise<void>;
  close: () => Promise<void>;
}

export const options = (): CallOptions => ({signal: new AbortController().signal});
export const fresh = (): string => crypto.randomUUID().slice(0, 8);
export const nth =
  (at: number, injected: Injected): Inject =>
  (_request, number) =>
    number === at ? injected : undefined;

/** The text of an attribute that the suite's users and groups have. */
export function text(attributes: Attributes, path: string): string {
  const found = attributes[path];
  if (typeof found !== 'string') throw new Error(`expected a text for ${path}`);
  return found;
}

export function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.failure.cause}: ${JSON.stringify(result.failure)}`);
  return result.value;
}

export function remote(created: Remote | 'exists' | undefined): Remote {
  if (created === undefined || created === 'exists') throw new Error(`expected a resource, got ${created}`);
  return created;
}

/** What the program does with a snapshot of a user; in doubt when an earlier create may have been carried out. */
export async function applyUser(
  {port, target}: Bench,
  key: string,
  more: {doubt?: boolean; desired?: Attributes; adopt?: (found: Remote) => Promise<Result<void>>} = {},
): Promise<Result<Upserted>> {
  const desired = more.desired ?? target.user(key);
  return upsert({
    port: port.users,
    desired,
    doubt: more.doubt ?? false,
    lookUps: lookUpsOf(target, desired, 'userName'),
    adopt: more.adopt ?? (() => Promise.resolve(ok(undefined))),
    options: options(),
  });
}

export function lookUpsOf(
  {keepsExternalId = true}: ContractTarget,
  desired: Attributes,
  name: 'userName' | 'displayName',
): LookUp[] {
  const by = keepsExternalId ? (['externalId', name] as const) : [name];
  return by.flatMap((one) => {
    const text = desired[one];
    return typeof text === 'string' ? [{by: one, value: text}] : [];
  });
}

export async function openBench(makeTarget: () => Promise<ContractTarget>): Promise<Bench> {
  const target = await makeTarget();
  const relay = await openRelay();
  const sender = createSender({
    target: 'contract',
    connections: 8,
    deadlineMs: 10_000,
    maxAnswerBytes: 10_000_000,
    now: Date.now,
  });
  let injected: {how: Inject; seen: number} | undefined;
  let sentBefore: number | undefined;
  const said: string[] = [];
  const say = (fields: object, message: string): void => {
    said.push(JSON.stringify({fields, message}));
  };
  const log: Logger = {debug: say, info: say, warn: say, error: say};
  const send: SendRequest = (request) => {
    bench.requests.push(request);
    const what = injected?.how(request, ++injected.seen);
    if (what === 'lost') return losing(sender, relay, request);
    if (what === 'hang') return sender.send(relay.hanging(request));
    if (what && 'instead' in what) return sender.send(what.instead);
    return what ? answering(what, request) : sender.send(request);
  };
  /** In a later turn, as every answer from a wire comes: what is asked for at the same time has left by then. */
  const answering = async (what: Answered, request: HttpRequest): Promise<Result<HttpAnswer>> => {
    await new Promise((resolve) => setImmediate(resolve));
    sentBefore ??= bench.requests.length;
    return answered(what, request);
  };
  const port = heard(target.connect({send, log, now: Date.now}), (result) =>
    said.push(JSON.stringify(result)),
  );
  const made: {port: ResourcePort; id: string}[] = [];
  const bench: Bench = {
    port,
    target,
    sender,
    relay,
    said,
    requests: [],
    async newUser() {
      const key = fresh();
      const user = remote(value(await port.users.create(target.user(key), options())));
      made.push({port: port.users, id: user.id});
      return {...user, key};
    },
    async newGroup() {
      const key = fresh();
      const group = remote(value(await port.groups.create(target.group(key), options())));
      made.push({port: port.groups, id: group.id});
      return {...group, key};
    },
    async clear() {
      for (const {port, id} of made.splice(0)) value(await port.remove(id, options()));
    },
    async during(inject, run) {
      sentBefore = undefined;
      injected = {how: typeof inject === 'function' ? inject : () => inject, seen: 0};
      return run().finally(() => (injected = undefined));
    },
    async counting(run) {
      const before = bench.requests.length;
      await run();
      return bench.requests.length - before;
    },
    sentAfterAnswer: () => bench.requests.length - (sentBefore ?? 0),
    async close() {
      await sender.close();
      await relay.close();
      await target.close();
    },
  };
  return bench;
}

/** The sender asks again at once for what it may repeat; each answer of those is lost too, so the end is the same at once. */
async function losing(sender: Sender, relay: Relay, request: HttpRequest): Promise<Result<HttpAnswer>> {
  if (request.method === 'POST') return sender.send(relay.losing(request));
  await sender.send(request);
  return failed(failureOfLoss(request, {why: 'reset', sent: true}));
}

function answered(answer: Answered, request: HttpRequest): Result<HttpAnswer> {
  const whole: HttpAnswer = {headers: {}, text: '', ...answer};
  const isAnswer = whole.status < 300 || request.accept?.includes(whole.status);
  return isAnswer ? ok(whole) : failed(failureOfAnswer(request, whole, Date.now()));
}
