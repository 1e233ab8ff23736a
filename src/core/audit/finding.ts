import type {Head, Linked} from './written.ts';

/** Where a record was read: a file's line, or a partition's offset. In one lane a writer's records stand in order. */
export interface Place {
  /** Name of the file, or `topic/partition`. */
  lane: string;
  /** Number of the line, from 1, or the offset. */
  at: number;
  /** It is the byte at which the line begins instead: where not all of the file was read. */
  isByte?: true;
}

/** What is wrong with a record, or with so many in a row. */
export interface Finding {
  is:
    | 'edited'
    | 'removed'
    | 'reordered'
    /** Another record says that it is this one. */
    | 'doubled'
    /** It is whole, and what follows was written after another one in its place. */
    | 'replaced'
    | 'cut off'
    /** A checkpoint whose signature does not hold, or that has none although a key was given. */
    | 'not signed'
    /** It stands under another key than its subject's. */
    | 'misplaced'
    /** No checkpoint among more records than the writer leaves between two. */
    | 'unproved'
    /** So many in a row of the layout from before there were chains: nothing vouches for them. */
    | 'unchained';
  /** Absent where nobody can say any more which record it was. */
  writer?: string;
  sequence?: number;
  /** The last of several in a row. */
  until?: number;
  place?: Place;
  detail?: string;
  /** Of the record, or of the next that is there: milliseconds since the epoch. */
  at?: number;
}

/** How far one writer's chain reaches. */
export interface ChainEnd {
  writer: string;
  records: number;
  last: number;
  /** Its last record says that no other follows. */
  isClosed: boolean;
  /** Records after the last checkpoint: whole, and anybody who can write there could have removed or made them. */
  unsigned: number;
  /** One of its checkpoints at least has a signature, whether or not it was checked. */
  isSigned: boolean;
}

/** What came of checking. */
export interface Verified {
  findings: Finding[];
  chains: ChainEnd[];
  records: number;
  /** The same record again, as a write that was tried twice leaves it. */
  duplicates: number;
  /** Records from before there were chains: nothing vouches for them. */
  unchained: number;
  /** Lines that a crash tore; nothing is missing for them. */
  torn: Place[];
  /** Missing at the end of a chain that was not closed: its process died in the middle of a write, or they were removed. */
  unfinished: Finding[];
  /** Whether signatures were checked. */
  isSignatureChecked: boolean;
}

/** Of a checkpoint: whether its signature holds. */
export type SignatureCheck = (record: Linked) => 'good' | 'wrong' | 'unknown key' | 'none';

/** A head, and who names it: a writer, or Redis. */
export type NamedHead = Head & {by: string};
