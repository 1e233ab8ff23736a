import type {Cluster, Redis} from 'ioredis';
import type {HandMark} from '../../core/hand.ts';
import type {KnownSubject} from '../../core/known-subject.ts';
import {readEntry, readLetter} from '../../core/parked-json.ts';
import {targetPrefix} from './index.ts';
import {READ} from './read.lua.ts';
import {unpackRemoteId} from './remote-id.ts';
import {createScripts} from './scripts.ts';

export type {KnownSubject} from '../../core/known-subject.ts';

type Numbers = [kind: number, active: number, absent: number, cut: number, doubt: number];
type Raw = [
  ...Numbers,
  remote: Buffer,
  source: number,
  offset: number,
  time: number,
  groups: Buffer[],
  waits: Buffer[],
  leased: number,
  manager: Buffer,
  obligation: Buffer,
  hold: Buffer,
  due: Buffer,
  lane: Buffer[],
  letters: Buffer[],
  mark: Buffer,
  spared: number,
  heldAt: Buffer,
  deleteAt: Buffer,
  erasedAt: Buffer,
];

/** Reads what one target's Redis knows of a subject, in one step; changes nothing. */
export async function readSubject(
  where: {redis: Redis | Cluster; prefix: string; target: string; now?: () => number},
  subject: string,
): Promise<KnownSubject> {
  const {now = Date.now} = where;
  const run = createScripts(where.redis, targetPrefix(where.prefix, where.target), {read: READ});
  const raw = (await run.read([now(), subject])) as Raw;
  const [, , , , , , , , , , waits, leased, manager, obligation, hold, due, lane, letters, mark] = raw;
  const [heldAt, deleteAt, erasedAt] = [raw[20], raw[21], raw[22]];
  const state = stateOf(raw);
  return {
    ...(state && {state}),
    waitsForGroups: waits.map(String),
    ...(manager.length > 0 && {waitsForManager: String(manager)}),
    isLeased: leased === 1,
    ...(obligation.length > 0 && {
      cutOffBegunAt: (JSON.parse(String(obligation)) as {begunAt: number}).begunAt,
    }),
    ...(hold.length > 0 && {held: readEntry(hold), heldAt: Number(String(heldAt))}),
    lane: lane.map(readEntry),
    ...(lane.length > 0 && {laneDueAt: Number(String(due))}),
    letters: letters.map(readLetter),
    ...(mark.length > 0 && {mark: JSON.parse(String(mark)) as HandMark}),
    ...(deleteAt.length > 0 && {deleteAt: Number(String(deleteAt))}),
    ...(erasedAt.length > 0 && {erasedAt: Number(String(erasedAt))}),
  };
}

function stateOf(raw: Raw): KnownSubject['state'] {
  const [kind, active, absent, cut, doubt, remote, source, offset, occurredAt, groups] = raw;
  if (kind === 0) return undefined;
  return {
    kind: kind === 1 ? 'user' : 'group',
    ...(remote.length > 0 && {remoteId: unpackRemoteId(remote)}),
    active: active === 1,
    absent: absent === 1,
    unwanted: cut === 1,
    inDoubt: doubt === 1,
    isProtected: raw[19] === 1,
    position: {source, offset, occurredAt},
    groups: groups.map(String),
  };
}
