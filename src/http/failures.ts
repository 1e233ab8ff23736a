import type {HttpAnswer, HttpRequest} from '../core/connector.ts';
import {exchangeOf} from '../core/exchange.ts';
import type {Failure, FailureKind} from '../core/failure.ts';

/** How one attempt ended without a whole answer; `sent` tells whether the request had begun to leave. */
export interface Loss {
  why: 'connect' | 'reset' | 'deadline' | 'stopped' | 'too-big' | 'invalid' | 'budget';
  sent: boolean;
  /** The system's or TLS's own code, `ECONNREFUSED`. */
  code?: string;
  /** The status, when the head of the answer had come. */
  status?: number;
}

const longestWaitMs = 24 * 3_600_000;

/** What an answer that is neither 2xx nor accepted by the caller means (RFC 9110 section 15, RFC 7644 section 3.12). */
export function failureOfAnswer(request: HttpRequest, answer: HttpAnswer, now: number): Failure {
  const {status} = answer;
  const retryAfterMs = retryAfter(answer.headers, status, now);
  const [kind, message] = meaning(status, request, answer);
  return {
    kind,
    message,
    cause: status >= 300 && status < 400 ? `${status} redirect` : String(status),
    status,
    ...(retryAfterMs === undefined ? {} : {retryAfterMs}),
    ...(isWrite(request) && [408, 500, 502, 504].includes(status) ? {maybeDone: true} : {}),
    exchange: exchangeOf(request, answer.text),
  };
}

/** What an attempt without a whole answer means. A write that had begun to leave may have been carried out. */
export function failureOfLoss(request: HttpRequest, loss: Loss): Failure {
  const [kind, message, cause] = lossMeaning(loss);
  return {
    kind,
    message,
    cause,
    ...(loss.status === undefined ? {} : {status: loss.status}),
    ...(loss.sent && isWrite(request) ? {maybeDone: true} : {}),
    exchange: exchangeOf(request, ''),
  };
}

/** A write's answer that was lost says nothing about whether the write was carried out. */
export const isWrite = (request: HttpRequest): boolean => request.method !== 'GET';

function meaning(status: number, request: HttpRequest, answer: HttpAnswer): [FailureKind, string] {
  if (status >= 300 && status < 400) return ['rejected', redirectMessage(request, answer)];
  switch (status) {
    case 401:
      return ['unauthorized', 'the target refuses the credential'];
    case 403:
      return ['unauthorized', 'the credential may not do this'];
    case 404:
      return ['rejected', 'the target knows no such address'];
    case 408:
    case 425:
      return ['transient', 'the target gave up waiting for the request'];
    case 409:
      return ['conflict', 'the target says that this is in conflict with something it has'];
    case 412:
      return ['rejected', 'a condition of the request does not hold'];
    case 413:
      return ['rejected', 'the request is larger than the target takes'];
    case 429:
      return ['throttled', 'the target asks for fewer requests'];
    case 501:
      return ['rejected', 'the target does not implement this'];
    case 502:
    case 503:
    case 504:
      return ['unavailable', 'the target is not available'];
    default:
      return status >= 500
        ? ['transient', 'the target failed']
        : ['rejected', 'the target refuses the request'];
  }
}

function redirectMessage(request: HttpRequest, answer: HttpAnswer): string {
  const location = header(answer.headers, 'location');
  const to = location === undefined ? undefined : URL.parse(location, request.url)?.host;
  return to ? `redirects are not followed; this one points to ${to}` : 'redirects are not followed';
}

function lossMeaning(loss: Loss): [FailureKind, string, string] {
  switch (loss.why) {
    case 'connect':
      return ['unavailable', 'no connection to the target', `connect ${loss.code ?? 'failed'}`];
    case 'reset':
      return loss.status === undefined
        ? ['transient', 'the connection broke before an answer came', 'no answer']
        : ['transient', 'the connection broke in the middle of the answer', 'half an answer'];
    case 'deadline':
      return loss.sent
        ? ['transient', 'no whole answer within the deadline', 'deadline']
        : ['unavailable', 'no connection to the target within the deadline', 'connect deadline'];
    case 'stopped':
      return ['transient', 'stopped before the answer came', 'stopped'];
    case 'too-big':
      return ['rejected', 'the answer is larger than the limit for answers', 'answer too large'];
    case 'invalid':
      return ['bug', 'the request can not be sent as it is', `invalid request ${loss.code ?? ''}`.trim()];
    case 'budget':
      return ['transient', 'the rate budget could not be asked', 'rate budget'];
  }
}

/**
 * Milliseconds that the target asks to wait. `Retry-After` (RFC 9110 section 10.2.3) is believed on any failure; the
 * reset headers come with every answer of some services, so they count only where the budget is used up.
 */
export function retryAfter(headers: HttpAnswer['headers'], status: number, now: number): number | undefined {
  const asked = header(headers, 'retry-after');
  if (asked !== undefined) {
    const ms = /^\d+(\.\d+)?$/.test(asked) ? Number(asked) * 1000 : Date.parse(asked) - now;
    if (Number.isFinite(ms)) return bounded(ms);
  }
  if (status !== 429 && header(headers, 'x-ratelimit-remaining') !== '0') return undefined;
  for (const name of ['x-ratelimit-reset', 'x-rate-limit-reset', 'ratelimit-reset']) {
    const value = Number(header(headers, name) ?? Number.NaN);
    if (!Number.isFinite(value)) continue;
    // Under the same name some services count seconds from now, and some give a moment, in seconds or in milliseconds: no
    // wait lasts 30 years, and no moment is 3,000 years away.
    if (value < 1e9) return bounded(value * 1000);
    return bounded((value > 1e11 ? value : value * 1000) - now);
  }
  return undefined;
}

const bounded = (ms: number): number => Math.min(Math.max(Math.ceil(ms), 0), longestWaitMs);

function header(headers: HttpAnswer['headers'], name: string): string | undefined {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value)?.trim();
}
