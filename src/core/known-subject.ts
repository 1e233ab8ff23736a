import type {HandMark} from './hand.ts';
import type {DeadLetter, LaneEntry} from './parked.ts';

/** What is known of one subject at one target; times in milliseconds since the epoch. */
export interface KnownSubject {
  /** Absent when nothing was decided for it here yet. */
  state?: {
    kind: 'user' | 'group';
    remoteId?: string;
    active: boolean;
    /** The target is known to have no account. */
    absent: boolean;
    /** The last word was that no account is wanted. */
    unwanted: boolean;
    /** A request's end is not known. */
    inDoubt: boolean;
    /** The last change was not sent, because a name or a filter of the config protects the account. */
    isProtected: boolean;
    position: {source: number; offset: number; occurredAt: number};
    groups: string[];
  };
  /** Groups that it is to enter once both sides are there. */
  waitsForGroups: string[];
  waitsForManager?: string;
  isLeased: boolean;
  cutOffBegunAt?: number;
  held?: LaneEntry;
  heldAt?: number;
  lane: LaneEntry[];
  /** When the lane is tried again. */
  laneDueAt?: number;
  letters: DeadLetter[];
  /** It is cut off by hand. */
  mark?: HandMark;
  /** When its account, cut off, is deleted. */
  deleteAt?: number;
  /** When what is kept of the person was erased; absent again once something newer is decided. */
  erasedAt?: number;
}

/** Whether anything is known of it at all. */
export const isKnown = ({
  state,
  held,
  mark,
  lane,
  letters,
  waitsForGroups,
  waitsForManager,
}: KnownSubject): boolean =>
  [state, held, mark, lane[0], letters[0], waitsForGroups[0], waitsForManager].some(
    (one) => one !== undefined,
  );
