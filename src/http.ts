import pRetry from 'p-retry';
import {Pool} from 'undici';
import type {HttpAnswer, HttpRequest, SendRequest} from './core/connector.ts';
import {failed, ok, type Result} from './core/failure.ts';
import {Flights, type Ended} from './http/exchange.ts';
import {failureOfAnswer, failureOfLoss} from './http/failures.ts';

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

type AllFlights = WeakMap<AbortSignal, Flights>;

/** What a sender holds open. */
interface Open {
  pools: Map<string, Pool>;
  flights: AllFlights;
}

/** What is tried again at once is over within a second: longer waits are a lane's. */
const quickRetry = {retries: 2, minTimeout: 100, factor: 3, randomize: true, maxRetryTime: 1000};
const passing = new Error('a passing failure');

/** One pool of kept connections an origin; requests with one deadline each; every failure a value. */
export function createSender(settings: SenderSettings): Sender {
  const open: Open = {pools: new Map(), flights: new WeakMap()};
  return {
    send: (request) => sendWithRetry(settings, open, request),
    close: async () => {
      const pools = [...open.pools.values()];
      open.pools.clear();
      await Promise.all(pools.map((pool) => pool.destroy()));
    },
  };
}

async function sendWithRetry(
  settings: SenderSettings,
  open: Open,
  request: HttpRequest,
): Promise<Result<HttpAnswer>> {
  let ended = await attempt(settings, open, request);
  // Nearly every request ends here, and pays nothing for the machinery below.
  if (!isPassing(request, ended)) return resultOf(settings, request, ended);
  try {
    await pRetry(
      async (number) => {
        if (number > 1) ended = await attempt(settings, open, request);
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

async function attempt(settings: SenderSettings, open: Open, request: HttpRequest): Promise<Ended> {
  if (settings.allowedHosts && !settings.allowedHosts.includes(request.url.host))
    return {loss: {why: 'invalid', sent: false, code: 'HOST'}};
  try {
    await settings.acquire?.(request.urgent ?? false, request.signal);
  } catch {
    return {loss: {why: request.signal.aborted ? 'stopped' : 'budget', sent: false}};
  }
  if (request.signal.aborted) return {loss: {why: 'stopped', sent: false}};
  const started = performance.now();
  const pool = poolFor(settings, open, request.url.origin);
  const flights = flightsOf(settings, open.flights, request.signal);
  const ended = await flights.start(pool, request, settings.maxAnswerBytes);
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

function poolFor(settings: SenderSettings, {pools}: Open, origin: string): Pool {
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

function flightsOf(settings: SenderSettings, known: AllFlights, signal: AbortSignal): Flights {
  let flights = known.get(signal);
  if (!flights) known.set(signal, (flights = new Flights(signal, settings.deadlineMs)));
  return flights;
}
