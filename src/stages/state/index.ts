import type {Cluster, Redis} from 'ioredis';
import type {ProtectionSettings} from '../../core/protection.ts';
import type {Adoption, Claim, ClaimOp, Settle, State, Told} from '../../core/state.ts';
import {ADOPT} from './adopt.lua.ts';
import {CLAIM} from './claim.lua.ts';
import {packIdentity} from './identity.ts';
import {packRemoteId} from './remote-id.ts';
import {readAdoptReply, readClaimReply, readSettleReply} from './replies.ts';
import {createScripts} from './scripts.ts';
import {unpackReply} from './pack.ts';
import {RENEW, SETTLE, WAIT} from './settle.lua.ts';

export interface StateOptions {
  redis: Redis | Cluster;
  /** The configured prefix and the target's name: `{avro-scim:hr-wiki}:`, one hash tag a target. */
  prefix: string;
  target: string;
  /** Longer than a request's deadline and its quick retries together. */
  leaseMs: number;
  guard: {maxLeavers: number; perMs: number};
  /** Who is never changed. User names and filters are asked elsewhere; here is kept what they have shown. */
  protects?: ProtectionSettings;
  /** Most members that one sync hands out. */
  memberLimit?: number;
  now?: () => number;
}

export const targetPrefix = (prefix: string, target: string): string => `{${prefix}:${target}}:`;

const opCodes: Record<ClaimOp, string> = {
  user: 'U',
  leave: 'L',
  group: 'G',
  ungroup: 'X',
  gone: 'T',
  delta: 'M',
  sync: 'S',
  reference: 'R',
  delete: 'E',
};

function claimArgs(claim: Claim): (string | number | Buffer)[] {
  const flags =
    (claim.fromLane ? 'l' : '') +
    (claim.whole ? 'g' : '') +
    (claim.byScope ? 's' : '') +
    (claim.approved ? 'o' : '') +
    (claim.deletes ? 'd' : '') +
    (claim.force ? 'f' : '') +
    (claim.byHand ? 'h' : '') +
    (claim.isProtected ? 'p' : '') +
    (claim.keepsMemberships ? 'k' : '') +
    (claim.empties ? 'e' : '');
  const first = claim.whole ?? claim.added ?? [];
  const second = claim.removed ?? [];
  const {source, offset, occurredAt} = claim.position;
  const head = [opCodes[claim.op], claim.subject, source, offset, occurredAt, flags, claim.vector];
  return [
    ...head,
    claim.managerId ?? '',
    packIdentity(claim),
    first.length,
    ...first,
    second.length,
    ...second,
  ];
}

function settleFlags(settle: Settle): string {
  const {result} = settle;
  const common = (settle.unwanted ? 'u' : '') + (settle.moves ? 'p' : '');
  if (!result.done)
    return (settle.unwanted ? 'u' : '') + (result.decided ? 'p' : '') + (result.maybeDone ? 'd' : '');
  return (
    common +
    (settle.active ? 'a' : '') +
    (settle.absent ? 'x' : '') +
    (settle.closesCutOff ? 'c' : '') +
    (settle.endsMemberships ? 'e' : '') +
    (settle.fillsManager ? 'r' : '') +
    (settle.keeps ? 'k' : '') +
    (settle.suspends ? 'h' : '') +
    (settle.isProtected ? 't' : '') +
    (settle.refusesHand ? 'm' : '')
  );
}

/** How many, then '+' before who is in and '-' before who is out: a script lets go only of what is still so. */
export function toldArgs(told: Told | undefined): (string | number)[] {
  const members = [
    ...(told?.added ?? []).map((member) => `+${member}`),
    ...(told?.removed ?? []).map((member) => `-${member}`),
  ];
  return [members.length, ...members];
}

function settleArgs(settle: Settle): (string | number | Buffer)[] {
  const {source, offset, occurredAt} = settle.position;
  const remote = settle.remoteId === undefined ? '' : packRemoteId(settle.remoteId);
  const again = settle.result.done ? undefined : settle.result.again;
  const head = [
    settle.subject,
    settle.token,
    settle.result.done ? 'S' : again ? 'P' : 'F',
    settle.kind === 'user' ? 1 : 2,
    remote,
  ];
  return [
    ...head,
    again ? JSON.stringify(again.tries) : (settle.vector ?? ''),
    source,
    offset,
    occurredAt,
    settleFlags(settle),
    again ? Math.ceil(again.atMs) : (settle.deleteAt ?? ''),
    ...toldArgs(settle.members),
  ];
}

function adoptArgs(adoption: Adoption, guard: StateOptions['guard']): (string | number | Buffer)[] {
  const {source, offset, occurredAt} = adoption.position;
  const who = [
    adoption.subject,
    adoption.token,
    adoption.kind === 'user' ? 1 : 2,
    packRemoteId(adoption.remoteId),
  ];
  const how = [adoption.isLeave ? 1 : 0, adoption.approved ? 1 : 0, guard.maxLeavers, guard.perMs];
  return [...who, ...how, source, offset, occurredAt, adoption.keepsMemberships ? 1 : 0];
}

function protectArgs({names, filters, groups} = nobody): (string | number | Buffer)[] {
  const counted = <T>(list: readonly T[]): (T | number)[] => [list.length, ...list];
  const hasRules = names.length + filters.length > 0 ? 1 : 0;
  return [...counted(names), ...counted(names.map(packRemoteId)), ...counted(groups), hasRules];
}

const nobody: ProtectionSettings = {names: [], filters: [], groups: []};

/** Redis behind the dispatcher's {@link State}: one script call a batch (docs/state.md). */
export function createState(options: StateOptions): State {
  const {redis, leaseMs, guard, memberLimit = 1000, now = Date.now} = options;
  const protects = protectArgs(options.protects);
  const key = targetPrefix(options.prefix, options.target);
  const run = createScripts(redis, key, {
    claim: CLAIM,
    settle: SETTLE,
    adopt: ADOPT,
    renew: RENEW,
    wait: WAIT,
  });
  return {
    async claim(token, claims) {
      const head = [now(), leaseMs, token, guard.maxLeavers, guard.perMs, memberLimit, ...protects];
      const packed = await run.claim([...head, ...claims.flatMap(claimArgs)]);
      const [wait, ...replies] = unpackReply(packed) as [number, ...unknown[]];
      return {waitUntilMs: wait, replies: replies.map(readClaimReply)};
    },
    async settle(settles) {
      const packed = await run.settle([now(), ...settles.flatMap(settleArgs)]);
      return (unpackReply(packed) as unknown[]).map(readSettleReply);
    },
    async wait(untilMs) {
      await run.wait([Math.floor(now()), Math.ceil(untilMs)]);
    },
    async renew(leases) {
      if (leases.length === 0) return;
      await run.renew([now() + leaseMs, ...leases.flatMap(({subject, token}) => [subject, token])]);
    },
    async adopt(adoption) {
      return readAdoptReply(await run.adopt([now(), ...adoptArgs(adoption, guard)]));
    },
  };
}
