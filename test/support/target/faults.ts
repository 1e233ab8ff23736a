/** What a request gets in place of, or on its way to, its ordinary answer. */
export type Fault =
  /** Not carried out. */
  | {kind: 'answer'; status: number; headers?: Record<string, string>; body?: string}
  /** The connection is reset, and the request is not carried out. */
  | {kind: 'reset'}
  /** The request is carried out, then the connection is reset in place of an answer. */
  | {kind: 'lost'}
  /** The request is not carried out and never answered; the client has to give up. */
  | {kind: 'silent'};

/** A share of the requests (0 to 1) that gets a fault. */
export interface FaultShare {
  share: number;
  fault: Fault;
}

/** A generator of numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Draws each request's fault; the shares of all kinds together are at most 1, and the rest gets none. */
export function drawFaults(seed: number, shares: readonly FaultShare[]): () => Fault | undefined {
  const random = seeded(seed);
  return () => {
    let left = random();
    for (const {share, fault} of shares) {
      if (left < share) return fault;
      left -= share;
    }
    return undefined;
  };
}
