import pRetry from 'p-retry';
import {Pool, type Dispatcher} from 'undici';
import type {HttpAnswer, HttpRequest, SendRequest} from './core/connector.ts';
import {failed, ok, type Result} from './core/failure.ts';
import {failureOfAnswer, failureOfLoss, type Loss} from './http/failures.ts';

export interface SenderSettings {
  /** The target's name in the config. */
  target: string;
  /** Connections to one origin; requests beyond them wait within their deadline. */
  connections: number;
  /** For one attempt: from the request handed to the pool to the last byte of the answer. */
  deadlineMs: number;
  maxAnswerBytes: number;
  /** `host[:port]`s that may be asked; absent: those that the connector names. */
  allowedHosts?: readonly string[];
  /** Waits for the rate budget, before every attempt; rejects when `signal` aborts. */
  acquire?: (urgent: boolean, signal: AbortSignal) => Promise<void>;
  /** Told of every attempt, answered or not. */
  observe?: (attempt: ObservedAttempt) => void;
  now: () => number;
}

export interface ObservedAttempt {
  target: string;
  operation: string;
  method: string;
  origin: string;
  status: number | 'error';
  seconds: number;
  headers?: HttpAnswer['headers'];
}

export interface Sender {
  send: SendRequest;
  /** Ends what is in flight (as failures) and closes every connection. */
  close(): Promise<void>;
}

type Ended = {answer: HttpAnswer} | {loss: Loss};
type Pools = Map<string, Pool>;

const utf8 = new TextDecoder();

/** What is tried again at once is over within a second: longer waits are a lane's. */
const quickRetry = {retries: 2, minTimeout: 100, factor: 3, randomize: true, maxRetryTime: 1000};
const passing = new Error('a passing failure');

/** One pool of kept connections an origin; requests with one deadline each; every failure a value. */
export function createSender(settings: SenderSettings): Sender {
  const pools: Pools = new Map();
  return {
    send: (request) => sendWithRetry(settings, pools, request),
    close: async () => {
      const open = [...pools.values()];
      pools.clear();
      await Promise.all(open.map((pool) => pool.destroy()));
    },
  };
}

async function sendWithRetry(
  settings: SenderSettings,
  pools: Pools,
  request: HttpRequest,
): Promise<Result<HttpAnswer>> {
  let ended = await attempt(settings, pools, request);
  // Nearly every request ends here, and pays nothing for the machinery below.
  if (!isPassing(request, ended)) return resultOf(settings, request, ended);
  try {
    await pRetry(
      async (number) => {
        if (number > 1) ended = await attempt(settings, pools, request);
        if (isPassing(request, ended)) throw passing;
      },
      {...quickRetry, signal: request.signal},
    );
  } catch (error) {
    if (error !== passing && !request.signal.aborted) throw error;
  }
  return resultOf(settings, request, ended);
}

/**
 * Whether asking once more at once may help and can do no harm. A POST is asked again only when it surely was not
 * carried out: a gateway's 502 or 504 and a broken connection do not say so.
 */
function isPassing(request: HttpRequest, ended: Ended): boolean {
  if (request.signal.aborted) return false;
  const repeatable = request.method !== 'POST';
  if ('loss' in ended) {
    if (ended.loss.why === 'connect') return true;
    return ended.loss.why === 'reset' && ended.loss.status === undefined && repeatable;
  }
  const {status, headers} = ended.answer;
  if (request.accept?.includes(status) || headers['retry-after'] !== undefined) return false;
  return status === 503 || ((status === 502 || status === 504) && repeatable);
}

function resultOf(settings: SenderSettings, request: HttpRequest, ended: Ended): Result<HttpAnswer> {
  if ('loss' in ended) return failed(failureOfLoss(request, ended.loss));
  const {answer} = ended;
  if ((answer.status >= 200 && answer.status < 300) || request.accept?.includes(answer.status))
    return ok(answer);
  return failed(failureOfAnswer(request, answer, settings.now()));
}

async function attempt(settings: SenderSettings, pools: Pools, request: HttpRequest): Promise<Ended> {
  if (settings.allowedHosts && !settings.allowedHosts.includes(request.url.host))
    return {loss: {why: 'invalid', sent: false, code: 'HOST'}};
  try {
    await settings.acquire?.(request.urgent ?? false, request.signal);
  } catch {
    return {loss: {why: request.signal.aborted ? 'stopped' : 'budget', sent: false}};
  }
  if (request.signal.aborted) return {loss: {why: 'stopped', sent: false}};
  const started = performance.now();
  const ended = await exchange(poolFor(settings, pools, request.url.origin), settings, request);
  settings.observe?.({
    target: settings.target,
    operation: request.operation,
    method: request.method,
    origin: request.url.origin,
    status: 'answer' in ended ? ended.answer.status : 'error',
    seconds: (performance.now() - started) / 1000,
    ...('answer' in ended ? {headers: ended.answer.headers} : {}),
  });
  return ended;
}

function poolFor(settings: SenderSettings, pools: Pools, origin: string): Pool {
  let pool = pools.get(origin);
  if (!pool) {
    pool = new Pool(origin, {
      connections: settings.connections,
      // One request a connection, so that ending one request ends no other.
      pipelining: 1,
      allowH2: false,
      keepAliveTimeout: 30_000,
      connect: {timeout: settings.deadlineMs},
      // The deadline below covers both, with one timer.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    pools.set(origin, pool);
  }
  return pool;
}

/**
 * One request and its whole answer. The promise settles at the deadline or at a stop even while the request still waits
 * for a connection: when its turn comes it is called off before a byte leaves.
 */
function exchange(pool: Pool, settings: SenderSettings, request: HttpRequest): Promise<Ended> {
  return new Promise((resolve) => {
    const progress: Progress = {sent: false, over: false, bytes: 0, chunks: [], headers: {}};
    const end = (ended: Ended): void => {
      if (progress.over) return;
      progress.over = true;
      clearTimeout(timer);
      running.delete(stop);
      resolve(ended);
    };
    const lose = (why: Loss['why'], code?: string): void => {
      const {sent, status, abort} = progress;
      end({loss: {why, sent, ...(code ? {code} : {}), ...(status === undefined ? {} : {status})}});
      abort?.();
    };
    const stop = (): void => lose('stopped');
    const timer = setTimeout(() => lose('deadline'), settings.deadlineMs);
    const running = stopsOf(request.signal);
    running.add(stop);
    pool.dispatch(dispatchOptions(request), handler(progress, settings.maxAnswerBytes, end, lose));
  });
}

/**
 * What is in flight under one signal, all ended by one listener: to add and remove a listener for each request costs more
 * than its deadline.
 */
const stops = new WeakMap<AbortSignal, Set<() => void>>();

function stopsOf(signal: AbortSignal): Set<() => void> {
  const known = stops.get(signal);
  if (known) return known;
  const running = new Set<() => void>();
  stops.set(signal, running);
  signal.addEventListener('abort', () => running.forEach((stop) => stop()), {once: true});
  return running;
}

interface Progress {
  sent: boolean;
  over: boolean;
  bytes: number;
  chunks: Buffer[];
  headers: HttpAnswer['headers'];
  status?: number;
  abort?: () => void;
}

function dispatchOptions(request: HttpRequest): Dispatcher.DispatchOptions {
  return {
    path: request.url.pathname + request.url.search,
    method: request.method,
    headers: request.headers ?? {},
    body: request.body ?? null,
  };
}

function handler(
  progress: Progress,
  maxBytes: number,
  end: (ended: Ended) => void,
  lose: (why: Loss['why'], code?: string) => void,
): Dispatcher.DispatchHandler {
  return {
    onRequestStart(controller) {
      progress.abort = () => controller.abort(new Error('called off'));
      if (progress.over) progress.abort();
      else progress.sent = true;
    },
    onResponseStart(_controller, status, headers) {
      progress.status = status;
      progress.headers = headers;
    },
    onResponseData(_controller, chunk) {
      progress.bytes += chunk.length;
      if (progress.bytes > maxBytes) lose('too-big');
      else progress.chunks.push(chunk);
    },
    onResponseEnd() {
      const {chunks, headers, status = 0} = progress;
      const body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
      end({answer: {status, headers, text: chunks.length === 0 ? '' : utf8.decode(body)}});
    },
    onResponseError(_controller, error) {
      const code = codeOf(error);
      if (code?.startsWith('UND_ERR_INVALID') || code === 'UND_ERR_NOT_SUPPORTED') lose('invalid', code);
      else lose(progress.sent ? 'reset' : 'connect', code);
    },
  };
}

/** Only codes: an error's message may name more than a log should hold. */
function codeOf(error: Error): string | undefined {
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code) ? code : undefined;
}
