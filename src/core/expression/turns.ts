import {setImmediate as nextTurn} from 'node:timers/promises';

/** What runs may take of one turn of the event loop, in ms: JSONata gives none back by itself, as it waits for nothing. */
const turnMs = 20;

let last: Promise<unknown> = Promise.resolve();
let turnBeganAt: number | undefined;

/** One run after the other, so that none is timed with another's work; timers and sockets have their turn between them. */
export function inTurn<T>(run: () => Promise<T>): Promise<T> {
  const mine = last.then(async () => {
    if (usedMs() > turnMs) await nextTurn();
    return run();
  });
  last = mine.catch(() => undefined);
  return mine;
}

/** How long this turn of the event loop has been held by runs. */
function usedMs(): number {
  const now = performance.now();
  if (turnBeganAt === undefined) {
    turnBeganAt = now;
    setImmediate(() => {
      turnBeganAt = undefined;
    });
  }
  return now - turnBeganAt;
}
