import {getHeapStatistics, setFlagsFromString} from 'node:v8';

const mebibyte = 1024 * 1024;
/** With it, a heap of which 80 MB live grows by a quarter before its garbage is collected, one of 50 MB by two thirds. */
const roomBytes = 125 * mebibyte;
const leastPercent = 20;
const mostPercent = 100;
const everyMs = 250;

/** By how many percent the heap may grow before the next collection: less the more of it is used, in bytes. */
export const growingPercent = (usedBytes: number): number =>
  Math.max(leastPercent, Math.min(mostPercent, Math.round((roomBytes / usedBytes - 1) * 100)));

/**
 * Tells V8 how much garbage may stand beside what lives. A window of 100,000 changes lives long, and as much garbage again
 * would stand beside it; a heap that is nearly empty is better left alone, for each collection takes as long as it takes to
 * mark what lives. V8 reads the flag at the end of each collection: what is used just before one is the square root of what
 * lives times the room.
 */
export function tendHeap(): {stop: () => void} {
  let last = 0;
  const tend = (): void => {
    const percent = growingPercent(getHeapStatistics().used_heap_size);
    if (percent === last) return;
    last = percent;
    setFlagsFromString(`--heap-growing-percent=${percent}`);
  };
  tend();
  const timer = setInterval(tend, everyMs).unref();
  return {stop: () => clearInterval(timer)};
}
