import type {Failure} from './failure.ts';

export interface RetryPolicy {
  /** How long a change may fail, not counting the time that its target's gate was shut. */
  maxAgeMs: number;
  baseDelayMs: number;
  maxDelayMs: number;
}

/**
 * - `park`: its subject's lane, tried again after the delay
 * - `back`: not this change's fault: it goes back to where it came from until the gate opens
 * - `dead`: a person is needed
 */
export type Judgement = {do: 'park'; delayMs: number} | {do: 'back'} | {do: 'dead'};

/** A bug is tried again a few times (it may be a race), then a person must see it. */
const maxBugAttempts = 5;

/**
 * What becomes of a change that failed. Pure: `attempts` counts this one, `ageMs` is how long it has been failing while
 * its target could be asked, `random` is in [0, 1) (full jitter). A delay that the target asked for is never undercut.
 */
export function judge(
  failure: Failure,
  history: {attempts: number; ageMs: number},
  policy: RetryPolicy,
  random: number,
): Judgement {
  switch (failure.kind) {
    case 'throttled':
    case 'unauthorized':
      return history.ageMs >= policy.maxAgeMs ? {do: 'dead'} : {do: 'back'};
    case 'rejected':
    case 'conflict':
    case 'undecodable':
      return {do: 'dead'};
    case 'bug':
      if (history.attempts >= maxBugAttempts) return {do: 'dead'};
      return park(failure, history, policy, random);
    case 'transient':
    case 'unavailable':
    case 'unresolved':
      return park(failure, history, policy, random);
    default:
      return failure.kind satisfies never;
  }
}

function park(
  failure: Failure,
  {attempts, ageMs}: {attempts: number; ageMs: number},
  policy: RetryPolicy,
  random: number,
): Judgement {
  if (ageMs >= policy.maxAgeMs) return {do: 'dead'};
  const ceiling = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** Math.min(attempts - 1, 30));
  return {do: 'park', delayMs: Math.max(Math.ceil(ceiling * random), failure.retryAfterMs ?? 0)};
}
