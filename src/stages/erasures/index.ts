import type {Cluster, Redis} from 'ioredis';
import type {HandMark} from '../../core/hand.ts';
import {readEntry, readLetter} from '../../core/parked-json.ts';
import type {DeadLetter, LaneEntry} from '../../core/parked.ts';
import {ERASE, ERASE_LOOK} from '../state/erase.lua.ts';
import {targetPrefix} from '../state/index.ts';
import {unpackRemoteId} from '../state/remote-id.ts';
import {createScripts} from '../state/scripts.ts';
import {readSeen, type Seen} from './seen.ts';
import {replacementsOf} from './replacements.ts';

/** Why a person can not be erased now. `group` stands whatever is asked; the others unless it is forced. */
export type Objection =
  {kind: 'group' | 'active' | 'cutOff' | 'held' | 'doubt'} | {kind: 'member'; groups: readonly string[]};

/** What there is to erase of one subject at one target. */
export interface Erasable {
  objections: readonly Objection[];
  /** Somebody is at work on it: look again in a moment. */
  isBusy: boolean;
  /** There is nothing, or nothing any more. */
  isEmpty: boolean;
  letters: readonly DeadLetter[];
  parked: readonly LaneEntry[];
  held?: LaneEntry;
  /** Groups that it waits for. */
  waitsForGroups: readonly string[];
  /** What was applied, or asked for: fingerprints, names a create has written, a manager. */
  hasTraces: boolean;
  remoteId?: string;
  /** The account's id stays, because the account is still to be ended or deleted. */
  keepsAccount: boolean;
  /** What is not finished stays, without the person's data: erase again when it is. */
  isPartial: boolean;
}

/** Erasing one person from what one target keeps in Redis (docs/operations.md, "Erase one person"). */
export interface Erasures {
  look(subject: string): Promise<Erasable>;
  /** Erases exactly what was looked at, in one step; false when that has changed since, or somebody is at work on it. */
  erase(subject: string, seen: Erasable): Promise<boolean>;
}

/** One target’s erasures: both steps reject when Redis does not answer. */
export function createErasures(options: {
  redis: Redis | Cluster;
  prefix: string;
  target: string;
  now?: () => number;
}): Erasures {
  const {redis, now = Date.now} = options;
  const key = targetPrefix(options.prefix, options.target);
  const run = createScripts(redis, key, {look: ERASE_LOOK, erase: ERASE});
  const looked = new WeakMap<Erasable, {seen: Seen; ids: string[]}>();
  return {
    async look(subject) {
      const ids = await memberLetters(redis, key, subject);
      const seen = readSeen(await run.look([now(), subject, ids.length, ...ids]));
      const erasable = erasableOf(seen);
      looked.set(erasable, {seen, ids});
      return erasable;
    },
    async erase(subject, erasable) {
      const found = looked.get(erasable);
      if (!found) throw new Error('expected what look has given');
      const {seen, ids} = found;
      const {keepsAccount, isPartial} = erasable;
      const head = [now(), subject, seen.state, seen.obligation, keepsAccount ? 1 : 0, isPartial ? 0 : 1];
      const pairs = [...replacementsOf(seen)].flat();
      return (await run.erase([...head, withoutReason(seen.mark), ids.length, ...ids, ...pairs])) === 1;
    },
  };
}

/** `<group>/members/<subject>`: they stand under their groups. */
async function memberLetters(redis: Redis | Cluster, key: string, subject: string): Promise<string[]> {
  const ending = `/members/${subject}`;
  const match = `*${ending.replace(/[*?[\]\\^]/g, '\\$&')}`;
  const ids = new Set<string>();
  let cursor = '0';
  do {
    const [next, flat] = await redis.hscan(`${key}dl`, cursor, 'MATCH', match, 'COUNT', 5000);
    flat.filter((id, i) => i % 2 === 0 && id.endsWith(ending)).forEach((id) => ids.add(id));
    cursor = next;
  } while (cursor !== '0');
  return [...ids];
}

function erasableOf(seen: Seen): Erasable {
  const letters = seen.letters.map(readLetter);
  const parked = seen.lane.map(readEntry);
  const held = seen.hold === '' ? undefined : readEntry(seen.hold);
  const objections = objectionsTo(seen, {letters, parked, held});
  const hasTraces = seen.hasDigest || seen.others > 0;
  const replaced = replacementsOf(seen);
  const isPartial = seen.obligation !== '' || [...replaced.values()].some((text) => text !== '');
  const stays = seen.isActive || seen.deleteAt !== '' || isPartial || seen.leaving.length > 0;
  const keepsAccount = seen.remote.length > 0 && stays;
  const isUnchanged = [...replaced].every(([from, to]) => from === to) && withoutReason(seen.mark) === '';
  const isDone = seen.state === '' || seen.isErased || isPartial;
  return {
    ...{objections, letters, parked, hasTraces, keepsAccount, isPartial, isBusy: seen.isLeased},
    ...(held && {held}),
    waitsForGroups: seen.waits,
    ...(seen.remote.length > 0 && {remoteId: unpackRemoteId(seen.remote)}),
    isEmpty: isUnchanged && !hasTraces && seen.waits.length === 0 && isDone,
  };
}

function objectionsTo(
  seen: Seen,
  {letters, parked, held}: {letters: DeadLetter[]; parked: LaneEntry[]; held: LaneEntry | undefined},
): Objection[] {
  if (seen.kind === 'group') return [{kind: 'group'}];
  const isCutOff = seen.obligation !== '' || [...letters, ...parked].some(({kind}) => kind === 'cutOff');
  const refused = letters.flatMap(({member, subject = ''}) => (member && !member.add ? [subject] : []));
  const groups = [...new Set([...seen.leaving, ...(seen.remote.length > 0 ? refused : [])])];
  return [
    ...(seen.isActive ? [{kind: 'active'} as const] : []),
    ...(isCutOff ? [{kind: 'cutOff'} as const] : []),
    ...(held && !held.isBarred ? [{kind: 'held'} as const] : []),
    ...(seen.inDoubt ? [{kind: 'doubt'} as const] : []),
    ...(groups.length > 0 ? [{kind: 'member', groups} as const] : []),
  ];
}

/** Why somebody was cut off by hand is a free text; the mark itself stays. Empty when there is nothing to change. */
function withoutReason(mark: string): string {
  if (mark === '') return '';
  const {by, at, reason} = JSON.parse(mark) as HandMark;
  return reason === undefined ? '' : JSON.stringify({by, at});
}
