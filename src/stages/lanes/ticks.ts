/** Lanes that are due within one tick are woken together. */
export const tickMs = 50;

/** A wait may take so much longer, as a share of itself: far-off ticks are wider. */
const mostLate = 1 / 32;

/**
 * The end of the tick in which something is due: later than `now`, so that whoever is woken then sees what is written now.
 * Ticks are the same in every process; each is a multiple of the next smaller one. Milliseconds since the epoch.
 */
export function tickOf(now: number, delayMs: number): number {
  const steps = Math.max(0, Math.floor(Math.log2(Math.max(1, (delayMs * mostLate) / tickMs))));
  const width = tickMs * 2 ** steps;
  const at = Math.max(now, now + delayMs);
  const end = Math.ceil(at / width) * width;
  return end > now ? end : end + width;
}
