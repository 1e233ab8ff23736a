/** Beyond it there are no dates (ECMA-262, 21.4.1.1); an event may say any number. */
const farthest = 8.64e15;

/** Milliseconds since the epoch as ISO 8601; what lies beyond all dates is the last of them. */
export const isoTime = (ms: number): string =>
  new Date(Math.min(farthest, Math.max(-farthest, ms))).toISOString();
