/** What the look has given; texts as they are kept. */
export interface Seen {
  /** As it is kept, or empty: compared, never read. */
  state: Buffer | '';
  kind: 'none' | 'user' | 'group';
  remote: Buffer;
  isActive: boolean;
  inDoubt: boolean;
  isErased: boolean;
  hasDigest: boolean;
  isLeased: boolean;
  obligation: string;
  hold: string;
  lane: string[];
  letters: string[];
  waits: string[];
  leaving: string[];
  others: number;
  mark: string;
  deleteAt: string;
}

type Raw = [
  state: Buffer,
  kind: number,
  remote: Buffer,
  ...flags: [active: number, doubt: number, erased: number, digest: number, leased: number],
  obligation: Buffer,
  hold: Buffer,
  ...lists: [lane: Buffer[], letters: Buffer[], waits: Buffer[], leaving: Buffer[]],
  others: number,
  mark: Buffer,
  deleteAt: Buffer,
];

const kinds = ['none', 'user', 'group'] as const;

/** Reads the reply of the script that looks. */
export function readSeen(reply: unknown): Seen {
  const raw = reply as Raw;
  const [state, kind, remote, active, doubt, erased, digest, leased, obligation, hold] = raw;
  const [, , , , , , , , , , lane, letters, waits, leaving, others, mark, deleteAt] = raw;
  return {
    state: state.length === 0 ? '' : state,
    kind: kinds[kind] ?? 'none',
    remote,
    ...{isActive: active === 1, inDoubt: doubt === 1, isErased: erased === 1},
    ...{hasDigest: digest === 1, isLeased: leased === 1},
    ...{obligation: String(obligation), hold: String(hold)},
    ...{lane: lane.map(String), letters: letters.map(String)},
    ...{waits: waits.map(String), leaving: leaving.map(String), others},
    ...{mark: String(mark), deleteAt: String(deleteAt)},
  };
}
