import type {Failure} from '../failure.ts';
import type {CallOptions, ChangeMembers, GroupPort} from '../port.ts';
import type {Member} from '../state.ts';

/** One member that goes in or out. */
interface Move {
  member: Member;
  add: boolean;
}

export interface MembersChanged {
  /** Subjects that are now as wanted. */
  done: string[];
  /** Members that the target refuses, each with its own reason. */
  refused: {subject: string; add: boolean; failure: Failure}[];
  /** What stopped the rest: passing, or not about one member. */
  failure?: Failure;
  /** The target has the group no more. */
  missing: boolean;
}

/** When so many single members fail for one cause, it is not the members: stop asking. */
const maxRefusedOfOneCause = 8;

/** Whether it may be about one member. An answer that can not be read says nothing of any. */
const about = ({kind, maybeDone}: Failure): boolean =>
  maybeDone !== true && (kind === 'rejected' || kind === 'conflict' || kind === 'unresolved');

/**
 * Tells the target who came and went, in as few requests as its limit allows. A request that is refused is halved until
 * the bad member stands alone, so that one does not keep a hundred out.
 */
export async function changeMembers(
  port: GroupPort,
  groupId: string,
  change: {add: readonly Member[]; remove: readonly Member[]},
  options: CallOptions,
): Promise<MembersChanged> {
  const moves = [
    ...change.remove.map((member): Move => ({member, add: false})),
    ...change.add.map((member): Move => ({member, add: true})),
  ];
  const prepared = await port.prepareMembers?.(groupId, changeOf(moves), options);
  if (prepared && !prepared.ok) return {...nothingYet(), failure: prepared.failure};
  if (prepared?.value === 'missing') return {...nothingYet(), missing: true};
  const tell: ChangeMembers = prepared?.value ?? ((...asked) => port.changeMembers(...asked));
  return tellAll(moves, port.membersPerRequest, (batch) => tell(groupId, changeOf(batch), options));
}

const nothingYet = (): MembersChanged => ({done: [], refused: [], missing: false});

async function tellAll(
  moves: readonly Move[],
  membersPerRequest: number,
  tell: (batch: readonly Move[]) => ReturnType<ChangeMembers>,
): Promise<MembersChanged> {
  const result = nothingYet();
  const queue: Move[][] = [];
  for (let i = 0; i < moves.length; i += membersPerRequest) queue.push(moves.slice(i, i + membersPerRequest));
  for (let batch = queue.shift(); batch; batch = queue.shift()) {
    const answer = await tell(batch);
    if (answer.ok) {
      if (answer.value === 'missing') return {...result, missing: true};
      result.done.push(...batch.map(({member}) => member.subject));
      continue;
    }
    if (!about(answer.failure)) return {...result, failure: answer.failure};
    const [first] = batch;
    if (batch.length > 1) queue.unshift(batch.slice(0, batch.length >> 1), batch.slice(batch.length >> 1));
    // Not there yet (an invitation that was not accepted): the others go on, and this one is asked for again.
    else if (answer.failure.kind === 'unresolved') result.failure ??= answer.failure;
    else if (first)
      result.refused.push({subject: first.member.subject, add: first.add, failure: answer.failure});
    if (systematic(result)) return {...result, refused: [], failure: answer.failure};
  }
  return result;
}

const changeOf = (moves: readonly Move[]): {add: string[]; remove: string[]} => ({
  add: idsOf(moves, true),
  remove: idsOf(moves, false),
});

const idsOf = (moves: readonly Move[], add: boolean): string[] =>
  moves.filter((move) => move.add === add).map(({member}) => member.remoteId);

function systematic({done, refused}: MembersChanged): boolean {
  if (done.length > 0 || refused.length < maxRefusedOfOneCause) return false;
  return refused.every(({failure}) => failure.cause === refused[0]?.failure.cause);
}
