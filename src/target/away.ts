import {setTimeout as delay} from 'node:timers/promises';

/** Resolves once the service has not answered for so long (a second unless told), and never where it answers until `signal` aborts. */
export async function untilAway(
  ping: () => Promise<unknown>,
  signal: AbortSignal,
  patienceMs = 1000,
): Promise<void> {
  let answeredAt = performance.now();
  const look = async (): Promise<void> => {
    await ping();
    answeredAt = performance.now();
  };
  while (performance.now() - answeredAt < patienceMs) {
    // One that hangs is not waited for: the next may be answered.
    void look().catch(() => undefined);
    await delay(patienceMs / 4, undefined, {ref: false});
    if (signal.aborted) await new Promise(() => undefined);
  }
}
