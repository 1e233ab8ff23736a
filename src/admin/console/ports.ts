import type {FailureKind} from '../../core/failure.ts';
import type {Standing} from '../../core/standing.ts';
import type {Asked} from '../api/ports.ts';
import type {Answer} from '../api/problem.ts';
import type {LetterName} from '../api/schema/letters.ts';

/** How a subject stands at one target. */
export interface StandingAt {
  target: string;
  isGroup: boolean;
  standing: Standing;
}

/** One decision of a subject's past; milliseconds since the epoch. */
export interface Decision {
  at: number;
  target: string;
  subject: string;
  outcome: string;
  /** Topic, partition and offset of the event; absent where none stands behind it. */
  event?: string;
  /** In words: what was done, why, what was proved, who said so. */
  what: string;
}

/** Decisions, the newest first; `note`: why there are fewer than all. */
export interface Decisions {
  items: readonly Decision[];
  note?: string;
}

/** Which decisions; milliseconds since the epoch. */
export interface DecisionFilter {
  subject?: string | undefined;
  target?: string | undefined;
  since?: number | undefined;
  limit: number;
}

/** Dead letters of one cause at one target; milliseconds since the epoch. */
export interface Group {
  target: string;
  /** Of the group. */
  id: string;
  kind?: FailureKind | 'other';
  cause: string;
  /** What the program, and the target, say of it, without values. */
  message?: string;
  says?: string;
  /** Leavers who still have access. */
  isCutOff: boolean;
  count: number;
  firstAt?: number;
  lastAt?: number;
  /** How many died in each of the last 24 hours, the latest last. */
  trend?: readonly number[];
  /** A letter's id. */
  example?: string;
  /** What usually fixes it. */
  advice?: string;
}

/** What a retry of a group would be about, and do. */
export interface GroupPreview {
  group: Group;
  count: number;
  /** Says what was seen. */
  token: string;
  /** How many were looked at, and how many of those would do what. */
  looked: number;
  would: readonly {does: string; count: number}[];
  sample: readonly {id: string; subject: string; does: string; reason?: string | undefined}[];
}

/** How far the retry of a group has come; milliseconds since the epoch. */
export interface GroupProgress {
  state: 'running' | 'done' | 'stopped';
  startedAt: number;
  endedAt?: number;
  by: string;
  total: number;
  retried: number;
  superseded: number;
  gone: number;
  refused: number;
}

/** What an operator asks of one dead letter. */
export interface Outlook {
  /** What usually fixes it. */
  advice: string;
  /** What it would do, were it tried again now. */
  does: string;
  reason?: string;
}

/** A group's name. */
export interface GroupName {
  target: string;
  id: string;
}

/** `running`: another one of it was not over yet; `done`: it is over already. */
export type RetryBegun = 'started' | 'running' | 'done';

/** What the console shows and does beside what the API has. Answers as the API's ports do, and never throws for Redis. */
export interface ConsolePorts {
  /** At each target; those where nobody knows the subject are left out. */
  standings(subject: string): Promise<Answer<readonly StandingAt[]>>;
  decisions(filter: DecisionFilter): Promise<Answer<Decisions>>;
  /** Absent where nobody can foresee it. */
  outlook?: (letter: LetterName) => Promise<Answer<Outlook>>;
  groups: {
    /** Leavers' first, then the largest. */
    list(target: string | undefined): Promise<Answer<readonly Group[]>>;
    preview(name: GroupName): Promise<Answer<GroupPreview>>;
    /** `stale-preview` where the letters are not those that the token says. */
    retry(name: GroupName, token: string, asked: Asked): Promise<Answer<RetryBegun>>;
    /** Undefined where none is remembered. */
    progress(name: GroupName): Promise<Answer<GroupProgress | undefined>>;
    stop(name: GroupName, asked: Asked): Promise<Answer<'stopped' | 'not running'>>;
  };
}
