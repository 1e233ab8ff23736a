import type {IAM} from '@aws-sdk/client-iam';
import type {ConnectorContext} from '../../src/core/connector.ts';
import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import {dateOf} from '../../src/core/headers.ts';
import type {CallOptions} from '../../src/core/port.ts';
import {credentialFailure, iamFailure, isMissing, isOfCredential, isRefused, lacking} from './errors.ts';
import type {AwsAccess} from './manifest.ts';
import {createClients} from './clients.ts';
import {NoAnswer, type Call, type Passed} from './wire.ts';

type Run<T> = (iam: IAM, passed: Passed) => Promise<T>;

export interface Aws {
  /**
   * One request. A failure's cause carries IAM's own name for it. A right that is missing is a refusal of this request,
   * told from a credential that may do nothing by one more request, to list.
   */
  ask<T>(operation: string, options: CallOptions, run: Run<T>): Promise<Result<T>>;
  /** The same, of what may not be there. */
  askIfThere<T>(operation: string, options: CallOptions, run: Run<T>): Promise<Result<T | undefined>>;
  /** Milliseconds that the clock here was ahead of AWS's at its last answer. */
  skewMs(): number;
}

/** What `check` asks: without these the credential is good for nothing. */
const needed = ['ListUsers', 'ListGroups'];

/** The way to one account. The SDK signs and reads; each request leaves by `context.send`, once, within its budget. */
export function createAws(context: ConnectorContext<AwsAccess>): Aws {
  const clients = createClients(context);
  let skewMs = 0;
  const askBy = async <T>(iam: Promise<IAM>, call: Call, run: Run<T>): Promise<Result<T>> => {
    try {
      return ok(await run(await iam, {abortSignal: call.options.signal, call}));
    } catch (error) {
      return failed(failureOf(error, call));
    } finally {
      const at = dateOf(call.headers ?? {});
      if (at !== undefined) skewMs = context.now() - at;
    }
  };
  /** With the credential of now; where it is refused, once more with another, if the chain finds one. */
  const askOnce = async <T>(operation: string, options: CallOptions, run: Run<T>): Promise<Result<T>> => {
    const client = clients.now();
    const answered = await askBy(client.iam, {operation, options}, run);
    if (answered.ok || !isOfCredential(answered.failure)) return answered;
    const other = await clients.after(client, answered.failure);
    return other ? askBy(other.iam, {operation, options}, run) : answered;
  };
  const ask: Aws['ask'] = async (operation, options, run) => {
    const answered = await askOnce(operation, options, run);
    if (answered.ok || !isRefused(answered.failure) || needed.includes(operation)) return answered;
    const listed = await askOnce('ListUsers', options, (iam, passed) => iam.listUsers({MaxItems: 1}, passed));
    if (listed.ok) return failed(lacking(answered.failure, operation));
    return listed.failure.kind === 'unauthorized' ? answered : listed;
  };
  return {
    ask,
    async askIfThere(operation, options, run) {
      const answered = await ask(operation, options, run);
      return answered.ok || !isMissing(answered.failure) ? answered : ok(undefined);
    },
    skewMs: () => skewMs,
  };
}

function failureOf(error: unknown, call: Call): Failure {
  if (call.failure) return call.failure;
  // Of STS: it has no call of its own.
  if (error instanceof NoAnswer) return error.failure;
  const name = error instanceof Error ? error.name : 'Error';
  const status = statusOf(error);
  if (call.exchange && status !== undefined)
    return iamFailure({name, status}, `iam:${call.operation}`, call.exchange);
  if (call.options.signal.aborted)
    return {kind: 'transient', message: 'stopped before the answer came', cause: 'stopped'};
  return credentialFailure({name, status, code: codeOf(error)});
}

function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined;
  const {httpStatusCode} = error.$metadata as {httpStatusCode?: number};
  return httpStatusCode;
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
