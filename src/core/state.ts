import type {Position} from './change.ts';
import type {DeadLetter} from './parked.ts';

/**
 * What is remembered of subjects at one target, as the dispatcher sees it. The stage behind it (Redis) answers a whole
 * batch in one round trip; a rejected promise means that Redis can not take it, and then nothing is settled.
 */
export interface State {
  claim(token: string, claims: readonly Claim[]): Promise<{waitUntilMs: number; replies: ClaimReply[]}>;
  settle(settles: readonly Settle[]): Promise<SettleReply[]>;
  /** The work on these subjects goes on: their leases, where still this token's, are good for their whole time again. */
  renew(leases: readonly {subject: string; token: string}[]): Promise<void>;
  /** The target asked for patience until then (ms since the epoch): every replica hears it with its next claim. */
  wait(untilMs: number): Promise<void>;
  /** Before an existing account is taken over: whose is it, and may it be ended. */
  adopt(adoption: Adoption): Promise<AdoptReply>;
}

export type SubjectKind = 'user' | 'group';

/**
 * - `user`, `group`: an account (a group) wanted · `leave`, `ungroup`: none wanted · `gone`: none wanted, kind unknown
 * - `delta`: members that came and went, merged only; a `sync` of the group follows in the same batch
 * - `sync`: what of a group's members is not yet so at the target · `reference`: a manager that has come
 * - `delete`: an account that was cut off and whose time is over
 */
export type ClaimOp =
  'user' | 'leave' | 'group' | 'ungroup' | 'gone' | 'delta' | 'sync' | 'reference' | 'delete';

export interface Claim {
  op: ClaimOp;
  subject: string;
  position: Position;
  /** Fingerprint of what is wanted (the first 12 bytes of its digest); empty where nothing is compared. */
  vector: Buffer;
  managerId?: string;
  /** What a create would write as `externalId`, where that is not the subject's id: how its account is found again. */
  externalId?: string;
  /** What a create would write as `userName`, or a group's `displayName`: how it is found where a service keeps no externalId. */
  userName?: string;
  /** The whole membership: a user's groups, a group's members. Absent says nothing. */
  whole?: readonly string[];
  added?: readonly string[];
  removed?: readonly string[];
  fromLane?: boolean;
  /** Unwanted because the target's scope leaves it out, not because the person left. */
  byScope?: boolean;
  /** And for no other reason: its memberships wait until it is wanted again. */
  keepsMemberships?: boolean;
  /** A group that is wanted no more and stays at the target, without its members. */
  empties?: boolean;
  /** A person approved this leave: the guard lets it pass. */
  approved?: boolean;
  /** The account is to be deleted, not deactivated. */
  deletes?: boolean;
  /** Ask the target again although nothing seems to differ. */
  force?: boolean;
  /** A person cuts the subject off, without an event: not fenced, and the position stays. */
  byHand?: boolean;
  /** What the event says is protected: it is decided, and nothing is sent. */
  isProtected?: boolean;
}

/**
 * - `go`: leased to this token and in doubt until it is settled · `unchanged`, `superseded`, `skipped`: decided, no request
 * - `busy`: its lane has older changes · `leased`: another holds it · `held`: the guard wants a person
 * - `merged`: a delta is kept with its group · `waits`: its group or its members are not at this target yet
 * - `protected`: decided, and nothing is sent, because the config protects the account
 * - `otherKind`: its id is a group's and it is about a person, or the other way round: nothing is decided
 */
export const verdicts = [
  'go',
  'unchanged',
  'superseded',
  'skipped',
  'busy',
  'leased',
  'held',
  'merged',
  'waits',
  'protected',
  'otherKind',
] as const;
export type Verdict = (typeof verdicts)[number];

export interface Member {
  subject: string;
  remoteId: string;
}

/** How often and how long something has failed, not counting the time its target's gate was shut. */
export interface Tries {
  attempts: number;
  ageMs: number;
}

export interface ClaimReply {
  verdict: Verdict;
  kind: SubjectKind | undefined;
  remoteId: string | undefined;
  /** What was last applied; absent when nothing was, or when a lost answer leaves it in doubt. */
  vector: Buffer | undefined;
  doubt: boolean;
  /** An open cut-off, begun and not verified: it comes first. Milliseconds since the epoch. */
  cutOffBegunAt: number | undefined;
  managerRemoteId: string | undefined;
  /** Its attributes are as wanted already; only members differ, or an account that was cut off is told news. */
  same: boolean;
  /** It has an account here that is not cut off. */
  active: boolean;
  /** Groups that this change left with members to tell the target about. */
  groups: string[];
  add: Member[];
  remove: Member[];
  /** Members that are out, and protected: they are left in at the target. */
  kept: string[];
  /** Which rule protects, in words, where that is known from state. */
  protectedBy: string | undefined;
  /** What a create whose end is not known has written as `externalId`, where that is not the subject's id. */
  externalId: string | undefined;
  /** What a create whose end is not known has written as `userName`, or as a group's `displayName`. */
  userName: string | undefined;
  /** Of a `reference`: the manager's subject, and what was learnt of filling them in. */
  awaited?: Tries & {managerId: string};
}

export interface Settle {
  subject: string;
  token: string;
  kind: SubjectKind;
  position: Position;
  /**
   * Not `done` gives the lease back; `maybeDone` leaves the subject in doubt. `again`: when its manager, who can not be filled in
   * now, is to be (ms since the epoch), with what was learnt.
   */
  result:
    {done: true} | {done: false; maybeDone: boolean; decided: boolean; again?: {atMs: number; tries: Tries}};
  remoteId?: string | undefined;
  vector?: Buffer | undefined;
  active?: boolean;
  absent?: boolean;
  closesCutOff?: boolean;
  endsMemberships?: boolean;
  unwanted?: boolean;
  /** Whether the position moves (not for a sync or a reference, which say nothing new). */
  moves?: boolean;
  fillsManager?: boolean;
  /** When its account, cut off now, is to be deleted: ms since the epoch. */
  deleteAt?: number;
  /** Nothing else is known of it than its members or its manager: remote id, digest and doubts stay as they are. */
  keeps?: boolean;
  /** Members that the target was told of. */
  members?: Told;
  /** In no group at the target until it is in scope again, or a cut-off by hand is lifted; what is known of its memberships stays. */
  suspends?: boolean;
  /** Nothing was sent, because the config protects the account. */
  isProtected?: boolean;
  /** What was refused so is a cut-off by hand: its mark goes. */
  refusesHand?: boolean;
}

/** Subjects that the target was told are in, and out. */
export interface Told {
  added: readonly string[];
  removed: readonly string[];
}

export interface SettleReply {
  /** False: the lease ran out and another took the subject; nothing was written. */
  held: boolean;
  groups: string[];
  people: string[];
  hasLetters: boolean;
  hasLane: boolean;
  /** Letters about members that the target has been told of since, and of a group with nothing left to tell: taken away. */
  closed: DeadLetter[];
}

export interface Adoption {
  subject: string;
  token: string;
  kind: SubjectKind;
  remoteId: string;
  position: Position;
  isLeave: boolean;
  approved: boolean;
  /** A leave by the target's scope alone. */
  keepsMemberships?: boolean;
}

/** `busy`: its former owner, who was cut off, is being worked on: asked again later. */
export type AdoptReply = {answer: 'ok' | 'lost' | 'busy' | 'held'} | {answer: 'conflict'; holder: string};
