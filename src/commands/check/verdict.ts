/** What became of one check. `unreachable` stands apart: nothing is known of what did not answer. */
export type VerdictKind = 'ok' | 'warning' | 'wrong' | 'unreachable';

/** One line of `check`. */
export interface Verdict {
  /** What was looked at: `redis`, `topic identity.events`, `target wiki`. */
  check: string;
  verdict: VerdictKind;
  detail: string;
}

export const verdict = (check: string, kind: VerdictKind, detail: string): Verdict => ({
  check,
  verdict: kind,
  detail,
});

/** The verdict of a check that threw: a service that can not be asked. */
export const unreachable = (check: string, error: unknown): Verdict =>
  verdict(check, 'unreachable', error instanceof Error ? error.message || error.name : String(error));

/** What `work` gives, or an error once it took longer than `deadlineMs` or the signal was aborted. */
export const within = async <T>(work: Promise<T>, deadlineMs: number, signal: AbortSignal): Promise<T> => {
  const ended = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
  const {promise, reject} = Promise.withResolvers<never>();
  const end = (): void => reject(new Error(signal.aborted ? 'stopped' : `no answer within ${deadlineMs} ms`));
  ended.addEventListener('abort', end, {once: true});
  if (ended.aborted) end();
  try {
    return await Promise.race([work, promise]);
  } finally {
    ended.removeEventListener('abort', end);
  }
};
