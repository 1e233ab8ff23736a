import {setTimeout as delay} from 'node:timers/promises';
import {untilAway} from '../../target/away.ts';
import {aborted} from './aborted.ts';

interface Told {
  /** Once, when no answer came for so long. */
  onAway: (detail: string) => void;
  /** Once, when one does again. */
  onBack: () => void;
  /** Longer than a full collection, or a slow script, holds an answer up. */
  patienceMs?: number;
}

const usualPatienceMs = 5000;
const againMs = 1000;

/**
 * Watches that a connected service answers: one that hangs (a process that is stopped, a network that drops everything) breaks no
 * connection, and nothing else would tell. `stop` ends it without a word.
 */
export function watchAnswers(redis: {ping(): Promise<unknown>}, told: Told): {stop(): void} {
  const {onAway, onBack, patienceMs = usualPatienceMs} = told;
  const ended = new AbortController();
  const {signal} = ended;
  const isEnded = (): boolean => signal.aborted;
  const ping = (): Promise<unknown> => redis.ping();
  const go = async (): Promise<void> => {
    const stopped = aborted(signal);
    while (!isEnded()) {
      await Promise.race([untilAway(ping, signal, patienceMs), stopped]);
      if (isEnded()) return;
      onAway(`no answer for ${patienceMs / 1000} s`);
      await Promise.race([untilAnswered(ping, signal), stopped]);
      if (!isEnded()) onBack();
    }
  };
  void go();
  return {stop: () => ended.abort()};
}

/** What is asked waits for its answer for as long as it takes; where the connection broke instead, or it was given up, it is asked again. */
export async function untilAnswered(ping: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await ping();
      return;
    } catch {
      await delay(againMs, undefined, {ref: false});
    }
  }
}
