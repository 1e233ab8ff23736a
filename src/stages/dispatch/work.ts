import type {Position, SourceRecord} from '../../core/change.ts';
import type {Failure} from '../../core/failure.ts';
import type {LaneEntry, Release} from '../../core/parked.ts';
import {createdOf, type ClaimPlan, type Plan} from '../../core/plan.ts';
import type {Attributes} from '../../core/resource.ts';
import type {Statement} from '../../core/statement.ts';
import type {Claim, ClaimOp, ClaimReply, SubjectKind, Told} from '../../core/state.ts';
import type {ChangeTrace} from '../../core/trace.ts';
import type {Entry, Unit} from '../../core/window.ts';

/** One record that is being worked on, decoded and planned. */
export interface Task {
  entry: Pick<Entry, 'record' | 'source' | 'occurredAt' | 'kind' | 'saysMembers' | 'trace'>;
  statement: Statement;
  plan: Plan;
}

/** How the wait for a lane ends: its head was tried, or it could not be now. */
export type Turned = 'turned' | 'released';

/**
 * Something to do for one subject; never two for one subject at a time. `through`: a waiting gate lets it pass, because the
 * subject's cut-off is in it or behind it.
 */
export type Work = {trace?: ChangeTrace} & (
  | {from: 'window'; subject: string; unit: Unit; tasks: Task[]; through?: true}
  | {
      from: 'lane';
      subject: string;
      entry: LaneEntry;
      task?: Task;
      turned: (how?: Turned) => void;
      through?: true;
    }
  | {from: 'sync'; subject: string}
  | {from: 'reference'; subject: string}
  | {from: 'delete'; subject: string}
);

export type WindowWork = Extract<Work, {from: 'window'}>;
export type LaneWork = Extract<Work, {from: 'lane'}>;

/** A work whose claim said go: leased to this token. */
export interface Granted {
  work: Work;
  claim: Claim;
  reply: ClaimReply;
  token: string;
  task?: Task;
  /** Aborts its attempt. */
  signal?: AbortSignal;
}

/** One work of a batch, its claims and what was answered to them. */
export interface Claimed {
  work: Work;
  claims: readonly Claim[];
  replies: readonly ClaimReply[];
}

/** The record that an attempt is about: the last of several deltas. */
export function taskOf(work: Work): Task | undefined {
  if (work.from === 'window') return work.tasks.at(-1);
  return work.from === 'lane' ? work.task : undefined;
}

export const recordId = ({topic, partition, offset}: SourceRecord): string =>
  `${topic}/${partition}/${offset}`;

/** The position of what says nothing new: older than everything. */
export const nowhere: Position = {source: 0, offset: -1, occurredAt: 0};

export const positionOf = ({entry}: Task): Position => ({
  source: entry.source,
  offset: entry.record.offset,
  occurredAt: entry.occurredAt,
});

/** A sync, a reference and a cut-off by hand carry no news of their own: they move no position. */
export const saysNothing = ({op, byHand}: Claim): boolean =>
  op === 'sync' || op === 'reference' || op === 'delete' || byHand === true;

const unwantedOps: readonly ClaimOp[] = ['leave', 'ungroup', 'gone'];
const groupOps: readonly ClaimOp[] = ['group', 'ungroup', 'delta', 'sync'];

export const goesThrough = ({work}: Pick<Granted, 'work'>): boolean =>
  (work.from === 'window' || work.from === 'lane') && work.through === true;

export const isCutOff = ({claim}: Granted): boolean => claim.op === 'leave' || claim.op === 'gone';

export const kindOf = ({claim, reply}: Granted): SubjectKind =>
  reply.kind ?? (groupOps.includes(claim.op) ? 'group' : 'user');

/** One member, as the target was told of it. */
export const toldOf = (subject: string, add: boolean): Told =>
  add ? {added: [subject], removed: []} : {added: [], removed: [subject]};

/** How a failed attempt gives its lease back. */
export function releaseOf(granted: Granted, failure: Failure, decided: boolean): Release {
  const {claim, token} = granted;
  return {
    subject: claim.subject,
    token,
    kind: kindOf(granted),
    position: claim.position,
    maybeDone: failure.maybeDone === true,
    decided: decided && !saysNothing(claim),
    unwanted: unwantedOps.includes(claim.op) || claim.empties === true,
  };
}

const nothing = Buffer.alloc(0);

/** The claims of one work: one, or each delta of a group and then its sync. */
export function claimsOf(work: Work, deletes: boolean): Claim[] {
  switch (work.from) {
    case 'sync':
    case 'reference':
    case 'delete':
      return [{op: work.from, subject: work.subject, position: nowhere, vector: nothing}];
    case 'window':
      return claimTasks(work.subject, work.tasks, deletes, {});
    case 'lane': {
      const {approved, force, hand} = work.entry;
      if (hand) return [claimOfHand(work.subject, work.entry)];
      const flags = {fromLane: true, ...(approved ? {approved} : {}), ...(force ? {force} : {})};
      return claimTasks(work.subject, work.task ? [work.task] : [], deletes, flags);
    }
    default:
      return work satisfies never;
  }
}

const claimOfHand = (subject: string, {position}: LaneEntry): Claim => ({
  op: 'leave',
  subject,
  position,
  vector: nothing,
  fromLane: true,
  approved: true,
  force: true,
  byHand: true,
});

function claimTasks(
  subject: string,
  tasks: readonly Task[],
  deletes: boolean,
  flags: Partial<Claim>,
): Claim[] {
  const claims = tasks.flatMap((task) => claimTask(subject, task, deletes, flags));
  const isSkip = tasks.length > 0 && claims.length === 0;
  if (isSkip || (claims.length > 0 && claims.at(-1)?.op !== 'delta')) return claims;
  return [...claims, {op: 'sync', subject, position: nowhere, vector: nothing, ...flags}];
}

/** What a create writes to be found again; the subject's id is what is looked for anyway. */
function identityOf(subject: string, {op, wanted}: ClaimPlan): Pick<Claim, 'externalId' | 'userName'> {
  if (op !== 'user' && op !== 'group') return {};
  const {externalId, userName, displayName}: Attributes = wanted ? createdOf(wanted) : {};
  const name = op === 'user' ? userName : displayName;
  return {
    ...(typeof externalId === 'string' && externalId !== subject ? {externalId} : {}),
    ...(typeof name === 'string' ? {userName: name} : {}),
  };
}

function claimTask(subject: string, task: Task, deletes: boolean, flags: Partial<Claim>): Claim[] {
  const {plan} = task;
  if (plan.do === 'skip') return [];
  const position = positionOf(task);
  const {wanted} = plan;
  return [
    {
      op: plan.op,
      subject,
      position,
      vector: wanted?.fingerprint ?? nothing,
      ...(wanted?.managerId === undefined ? {} : {managerId: wanted.managerId}),
      ...identityOf(subject, plan),
      ...plan.lists,
      ...(plan.byScope ? {byScope: true} : {}),
      ...(plan.byScope && !plan.isUrgent ? {keepsMemberships: true} : {}),
      ...(wanted?.isEmptied ? {empties: true} : {}),
      ...(plan.protectedBy === undefined ? {} : {isProtected: true}),
      ...(deletes ? {deletes} : {}),
      ...flags,
    },
  ];
}
