import type {HttpAnswer} from '../../src/core/connector.ts';
import {dateOf, first} from '../../src/core/headers.ts';
import {isObject, parseJson, textOf} from '../../src/core/json.ts';

/** "Otherwise, wait for at least one minute". */
export const secondaryWaitMs = 60_000;
const shortestWaitMs = 1000;
const longestWaitMs = 3_600_000;

/**
 * How long GitHub asks to wait, in ms; nothing when the answer is no limit's. Both limits may come as 403 or 429: what
 * tells is Retry-After, then a budget that is used up, then the words of a secondary limit
 * (https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api).
 */
export function askedToWait(answer: HttpAnswer, now: number): number | undefined {
  const {status, headers, text} = answer;
  if (status !== 403 && status !== 429) return undefined;
  const said = waitSaid(headers, now);
  if (said !== undefined) return said;
  const body = parseJson(text);
  const message = isObject(body) ? (textOf(body['message']) ?? textOf(body['detail']) ?? '') : '';
  return status === 429 || saysLimit(message) ? secondaryWaitMs : undefined;
}

export const saysLimit = (message: string): boolean => /rate limit|abuse detection/i.test(message);

/** How long the headers of an answer that is a limit's ask to wait, in ms; nothing when they do not say. */
export function waitSaid(headers: HttpAnswer['headers'], now?: number): number | undefined {
  const asked = Number(first(headers['retry-after']) ?? Number.NaN) * 1000;
  if (Number.isFinite(asked)) return bounded(asked);
  if (first(headers['x-ratelimit-remaining']) !== '0') return undefined;
  // A moment by GitHub's clock, so it is held against GitHub's own.
  const reset = Number(first(headers['x-ratelimit-reset']) ?? Number.NaN) * 1000;
  const ms = reset - (dateOf(headers) ?? now ?? Number.NaN);
  return bounded(Number.isFinite(ms) ? ms : secondaryWaitMs);
}

const bounded = (ms: number): number => Math.min(Math.max(ms, shortestWaitMs), longestWaitMs);
