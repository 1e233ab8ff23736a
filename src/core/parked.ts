import type {Position, SourceRecord} from './change.ts';
import type {Failure} from './failure.ts';
import type {HandMark} from './hand.ts';
import type {SubjectKind, Told} from './state.ts';
import type {TraceContext} from './trace.ts';
import type {EntryKind} from './window/entry.ts';

/** Beside every write that gives a lease back: what the attempt has decided and left open. */
export interface Release {
  subject: string;
  /** Absent when nothing is leased (it was put in line behind others). */
  token?: string;
  kind: SubjectKind;
  position: Position;
  /** A write's end is not known. */
  maybeDone: boolean;
  /** The position moves: every outcome but a change put back does that. */
  decided: boolean;
  /** What was decided is that no account is wanted. */
  unwanted: boolean;
  /** Its manager is not to be waited for any more. */
  endsReference?: boolean;
}

/** One parked change, in its subject's lane. A `sync` has no record: its news is kept with the group's members. */
export interface LaneEntry {
  /** `topic/partition/offset` of its record, `sync`, or `<subject>/cut-off` where a person asked for it. */
  id: string;
  kind: 'snapshot' | 'cutOff' | 'delta' | 'sync';
  saysMembers: boolean;
  /** A snapshot that is the end of its group. */
  isEnd?: boolean;
  record?: SourceRecord;
  position: Position;
  /** Milliseconds since the epoch. */
  firstAt: number;
  attempts: number;
  /** How long it has been failing, not counting the time its target's gate was shut. */
  ageMs: number;
  /** A person approved this leave. */
  approved?: boolean;
  /** A person retries it: the target is asked although nothing seems to differ. */
  force?: boolean;
  /** A cut-off by hand: it has no record. */
  hand?: HandMark;
  /** A snapshot that waits in a hold until the cut-off by hand of its subject is lifted. */
  isBarred?: boolean;
  failure?: Pick<Failure, 'kind' | 'cause' | 'message' | 'exchange'>;
  /** Of the first attempt, where traces are on: later ones belong to the same trace. */
  trace?: TraceContext;
}

/** Parked changes of one target, in Redis; woken by a timer that survives this process. */
export interface Lanes {
  /**
   * `lost`: the lease ran out, nothing was written. `superseded`: parked entries that this one took the place of. `parked`: entries
   * in all lanes after it.
   */
  park(
    release: Release,
    entry: LaneEntry,
    delayMs: number,
  ): Promise<{lost: boolean; parked: number; superseded: LaneEntry[]}>;
  head(subject: string): Promise<LaneEntry | undefined>;
  /** The head, when its lane's time has come: a wake too many brings nothing forward. */
  due(subject: string): Promise<LaneEntry | undefined>;
  /** The head with this id is done, or waits on as `next`. Resolves to how many are left. */
  turn(release: Release, id: string, next?: {entry: LaneEntry; delayMs: number}): Promise<number>;
  /** Tries the lane again after the delay, without a change to it. */
  wake(subject: string, delayMs: number): Promise<void>;
  /** Tries the lane not before the delay is over; one that is due later stays so. */
  putOff(subject: string, delayMs: number): Promise<void>;
  /** Entries in all lanes: what shuts the gate when it passes its bound. */
  parked(): Promise<number>;
}

/** What needs a person: everything to read, fix and replay it. */
export interface DeadLetter {
  /** `topic/partition/offset`; where no record stands behind it `<group>/members`, `<group>/members/<member>` or `<user>/manager`. */
  id: string;
  target: string;
  /** Absent when the record could not be decoded and has no key. */
  subject?: string;
  kind: LaneEntry['kind'] | 'undecodable' | 'member' | 'reference';
  saysMembers: boolean;
  failure: Pick<Failure, 'kind' | 'cause' | 'message' | 'status' | 'exchange'>;
  attempts: number;
  firstAt: number;
  /** When it became a dead letter. */
  at: number;
  position: Position;
  record?: SourceRecord;
  /** For one member of a group. */
  member?: {subject: string; add: boolean};
  /** For a `reference`: the subject who is the manager. */
  managerId?: string;
  /** A cut-off by hand: it has no record. */
  hand?: HandMark;
  /** Which letters are of one cause with it (core/letters/group.ts); absent until the stage has written it. */
  group?: string;
  trace?: TraceContext;
}

export interface DeadLetters {
  /** Idempotent by id. `members`: whose news becomes this letter and is no longer waited for. */
  add(letter: DeadLetter, release?: Release, members?: Told): Promise<void>;
  /** Letters of a subject whose say a newer whole snapshot has overtaken; a cut-off's is never among them. */
  closeOvertaken(
    subject: string,
    position: Position,
    says: {members: boolean; managerId?: string | undefined},
  ): Promise<DeadLetter[]>;
}

export interface Holds {
  /**
   * Keeps one leave, or what a cut-off by hand bars, for a person. `overtaken`: a newer event has been decided since;
   * `lifted`: nothing bars it any more.
   */
  hold(entry: LaneEntry, subject: string): Promise<'held' | 'overtaken' | 'lifted'>;
}

/** What is left to do without a record that says so: found again after a crash. Milliseconds since the epoch. */
export interface Leftovers {
  /** Groups with members to tell the target about, people whose manager has come, lanes overdue (of leavers first); untouched since `before`. */
  find(beforeMs: number, limit: number): Promise<{groups: string[]; people: string[]; lanes: string[]}>;
  /** Leavers whose accounts are to be deleted by `nowMs`. */
  deletions(nowMs: number, limit: number): Promise<string[]>;
}

/** What an entry of the window is in a lane. */
export function parkedKind(
  kind: EntryKind,
): Pick<LaneEntry, 'isEnd'> & {kind: Exclude<LaneEntry['kind'], 'sync'>} {
  if (kind === 'end') return {kind: 'snapshot', isEnd: true};
  return {kind: kind === 'none' ? 'snapshot' : kind};
}
