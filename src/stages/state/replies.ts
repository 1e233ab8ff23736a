import {readLetter} from '../../core/parked-json.ts';
import {
  verdicts,
  type AdoptReply,
  type ClaimReply,
  type Member,
  type SettleReply,
  type SubjectKind,
  type Tries,
  type Verdict,
} from '../../core/state.ts';
import {unpackIdentity} from './identity.ts';
import {unpackRemoteId} from './remote-id.ts';

const kinds: readonly (SubjectKind | undefined)[] = [undefined, 'user', 'group'];
const known = new Map<string, Verdict>(verdicts.map((verdict) => [verdict, verdict]));

const texts = (list: readonly Buffer[]): string[] => list.map(String);
const remote = (packed: Buffer): string | undefined =>
  packed.length === 0 ? undefined : unpackRemoteId(packed);

function memberPairs(flat: readonly Buffer[]): Member[] {
  const pairs: Member[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const [subject, id] = [flat[i], flat[i + 1]];
    if (subject && id) pairs.push({subject: String(subject), remoteId: unpackRemoteId(id)});
  }
  return pairs;
}

function begunAt(obligation: Buffer): number | undefined {
  return obligation.length === 0 ? undefined : (JSON.parse(String(obligation)) as {begunAt: number}).begunAt;
}

/** Whom a reference waits for, and its failures so far. */
function readAwaited([manager, tries]: [Buffer, Buffer]): NonNullable<ClaimReply['awaited']> {
  const failed = tries.length === 0 ? {attempts: 0, ageMs: 0} : (JSON.parse(String(tries)) as Tries);
  return {managerId: String(manager), ...failed};
}

const nothing = Buffer.alloc(0);
type Raw = [
  Buffer,
  number,
  Buffer[]?,
  Buffer?,
  Buffer?,
  number?,
  Buffer?,
  Buffer?,
  number?,
  number?,
  Buffer[]?,
  Buffer[]?,
  Buffer?,
  Buffer[]?,
  Buffer?,
  [Buffer, Buffer]?,
];

/** Reads one reply of the claim script; what is left off at its end is empty. */
export function readClaimReply(raw: unknown): ClaimReply {
  const [word, kind, groups, id, vector, doubt, obligation, manager, same, active, ...more] = raw as Raw;
  const [add, remove, identity, kept, protector, awaited] = more;
  const verdict = known.get(word.toString('latin1'));
  if (!verdict) throw new Error(`the claim script answered an unknown verdict: ${String(word)}`);
  return {
    verdict,
    kind: kinds[kind],
    groups: texts(groups ?? []),
    remoteId: remote(id ?? nothing),
    vector: vector && vector.length > 0 ? vector : undefined,
    doubt: doubt === 1,
    cutOffBegunAt: begunAt(obligation ?? nothing),
    managerRemoteId: remote(manager ?? nothing),
    same: same === 1,
    active: active === 1,
    add: memberPairs(add ?? []),
    remove: memberPairs(remove ?? []),
    kept: texts(kept ?? []),
    protectedBy: protector && protector.length > 0 ? String(protector) : undefined,
    ...unpackIdentity(String(identity ?? '')),
    ...(awaited && {awaited: readAwaited(awaited)}),
  };
}

/** Reads one reply of the settle script. */
export function readSettleReply(raw: unknown): SettleReply {
  type RawSettle = [number, Buffer[]?, Buffer[]?, number?, number?, Buffer[]?];
  const [held, groups, people, letters, lane, closed] = raw as RawSettle;
  return {
    held: held === 1,
    groups: texts(groups ?? []),
    people: texts(people ?? []),
    hasLetters: letters === 1,
    hasLane: lane === 1,
    closed: (closed ?? []).map(readLetter),
  };
}

/** Reads the reply of the adopt script. */
export function readAdoptReply(raw: unknown): AdoptReply {
  const [answer, holder] = raw as [Buffer, Buffer?];
  const word = String(answer);
  if (word === 'conflict') return {answer: 'conflict', holder: String(holder)};
  if (word === 'ok' || word === 'lost' || word === 'busy' || word === 'held') return {answer: word};
  throw new Error(`the adopt script answered an unknown word: ${word}`);
}
