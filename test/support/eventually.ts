import {setTimeout as delay} from 'node:timers/promises';

/**
 * Polls `condition` until it gives something other than false, null or undefined, and resolves to that. Rejects after
 * `deadlineMs` with `what` and the last thing that `condition` threw.
 */
export async function eventually<T>(
  condition: () => T | Promise<T>,
  {what = 'the condition', deadlineMs = 20_000, everyMs = 25} = {},
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = performance.now() + deadlineMs;
  let cause: unknown;
  do {
    try {
      const value = await condition();
      if (value !== false && value !== null && value !== undefined)
        return value as Exclude<T, false | null | undefined>;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await delay(everyMs);
  } while (performance.now() < deadline);
  throw new Error(`${what} did not come true within ${deadlineMs} ms`, {cause});
}
