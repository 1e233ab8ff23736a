/** So many requests from the first one of a window until it ends; the next begins with the next request. */
export interface Spread {
  points: number;
  windowMs: number;
}

/** A window this long is waited out precisely enough by a timer. */
const shortestWindowMs = 20;

/**
 * How a rate is given out: nine tenths for all, spread over its time, one tenth more for cut-offs alone, as soon as they ask.
 * No span of the rate's length, wherever it begins, sees more than the rate. Under ten requests the tenth is one in ten
 * times that span.
 */
export function spread({requests, perSeconds}: {requests: number; perSeconds: number}): {
  common: Spread;
  reserve: Spread;
} {
  const scale = requests < 10 ? 10 : 1;
  const spanMs = perSeconds * 1000 * scale;
  const reserved = Math.floor((requests * scale) / 10);
  return {common: evenly(requests * scale - reserved, spanMs), reserve: atOnce(reserved, spanMs)};
}

/**
 * One request a window where windows are long enough: then the requests stand a window apart. Otherwise a few a window;
 * a span may then cut into one window more than it is long, so that there is one window fewer.
 */
function evenly(requests: number, spanMs: number): Spread {
  const points = Math.ceil((requests * shortestWindowMs) / spanMs);
  if (points === 1) return {points, windowMs: Math.ceil(spanMs / requests)};
  const windows = Math.max(1, Math.floor(requests / points) - 1);
  return {points, windowMs: Math.ceil(spanMs / windows)};
}

/** A span may cut into two windows as long as itself, so that each has half; of a few requests one at a time is more. */
function atOnce(requests: number, spanMs: number): Spread {
  const points = Math.floor(requests / 2);
  return points < 2 ? evenly(requests, spanMs) : {points, windowMs: spanMs};
}
