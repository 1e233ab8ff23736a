/** Chance that comes out the same for the same seed. */
export interface Random {
  /** A whole number from 0 up to, and without, `limit`. */
  below(limit: number): number;
  shuffled<T>(items: readonly T[]): T[];
  /** Shaped as a version 4 UUID (RFC 9562 section 5.4). */
  uuid(): string;
}

/** A linear congruential generator (Knuth's MMIX constants, the upper 32 of 64 bits): good enough for names. */
export function createRandom(seed: number): Random {
  let state = BigInt.asUintN(64, BigInt(seed));
  const next = (): number => {
    state = BigInt.asUintN(64, state * 6364136223846793005n + 1442695040888963407n);
    return Number(state >> 32n);
  };
  const below = (limit: number): number => Math.floor((next() / 2 ** 32) * limit);
  return {
    below,
    shuffled(items) {
      const rest = [...items];
      return items.flatMap(() => rest.splice(below(rest.length), 1));
    },
    uuid() {
      const hex = Array.from({length: 32}, () => below(16).toString(16)).join('');
      const variant = (8 + below(4)).toString(16);
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
    },
  };
}
