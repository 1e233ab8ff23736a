import {afterAll, beforeEach, expect} from '@jest/globals';
import {Redis} from 'ioredis';
import {randomUUID} from 'node:crypto';
import type {Position} from '../../../src/core/change.ts';
import {readEntry} from '../../../src/core/parked-json.ts';
import type {LaneEntry} from '../../../src/core/parked.ts';
import type {ProtectionSettings} from '../../../src/core/protection.ts';
import type {Claim, ClaimReply, Settle, SettleReply, State} from '../../../src/core/state.ts';
import {createErasures, type Erasures} from '../../../src/stages/erasures/index.ts';
import {createHands, type HandStage} from '../../../src/stages/hands/index.ts';
import {createHolds, type HoldStage} from '../../../src/stages/holds/index.ts';
import {createState, targetPrefix} from '../../../src/stages/state/index.ts';

/** A target's state in the real Redis, under a prefix of its own for each test, with a clock that the test moves. */
export function stateRig() {
  const redis = new Redis(process.env['AVRO_SCIM_TEST_REDIS'] ?? 'redis://127.0.0.1:6379/0');
  afterAll(() => redis.quit());
  const rig = {
    now: 0,
    state: undefined as unknown as State,
    holds: undefined as unknown as HoldStage,
    hands: undefined as unknown as HandStage,
    erasures: undefined as unknown as Erasures,
    /** Where it is kept, for another stage of the same target. */
    where: {redis, prefix: '', target: 't', now: (): number => 0},
    /** What waits in a subject's lane. */
    lane: (subject: string): Promise<LaneEntry[]> => Promise.reject(new Error(subject)),
    /** From now on these are never changed. */
    protect: (protects: Partial<ProtectionSettings>): void => {
      throw new Error(`too early for ${JSON.stringify(protects)}`);
    },
  };
  beforeEach(() => {
    rig.now = 1_795_000_000_000;
    const where = {redis, prefix: `test-${randomUUID()}`, target: 't', now: () => rig.now};
    rig.where = where;
    rig.erasures = createErasures(where);
    const options = {...where, leaseMs: 30_000, guard: {maxLeavers: 3, perMs: 60_000}};
    rig.state = createState(options);
    rig.holds = createHolds(where);
    rig.hands = createHands(where);
    rig.lane = async (subject) =>
      (await redis.lrange(`${targetPrefix(where.prefix, 't')}lane:${subject}`, 0, -1)).map(readEntry);
    rig.protect = (protects) => {
      rig.state = createState({...options, protects: {names: [], filters: [], groups: [], ...protects}});
    };
  });
  const claim = async (one: Claim, token = 'a'): Promise<ClaimReply> => {
    const [reply] = (await rig.state.claim(token, [one])).replies;
    if (!reply) throw new Error('no reply');
    return reply;
  };
  const settle = async (
    one: Partial<Settle> & {subject: string; position: Position},
  ): Promise<SettleReply> => {
    const whole: Settle = {token: 'a', kind: 'user', result: {done: true}, active: true, moves: true, ...one};
    const [reply] = await rig.state.settle([whole]);
    if (!reply) throw new Error('no reply');
    return reply;
  };
  return {
    rig,
    claim,
    settle,
    /** A user who is at the target: claimed, created, settled. */
    present: async (subject: string, offset = 1, more: Partial<Claim> = {}) => {
      expect((await claim(user(subject, offset, 'v1', more))).verdict).toBe('go');
      return settle({subject, position: at(offset), remoteId: `remote-${subject}`, vector: vector('v1')});
    },
    /** A user who is at the target no more in use: cut off at offset 2, and that is verified. */
    leaver: async (subject: string, more: Partial<Settle> = {}) => {
      expect((await claim(user(subject, 1, 'v1'))).verdict).toBe('go');
      const here = {subject, remoteId: `remote-${subject}`};
      await settle({...here, position: at(1), vector: vector('v1')});
      expect((await claim(leave(subject, 2))).verdict).toBe('go');
      const ended = {active: false, closesCutOff: true, endsMemberships: true, unwanted: true};
      return settle({...here, position: at(2), vector: vector('left'), ...ended, ...more});
    },
    presentGroup: async (subject: string, offset = 1) => {
      const made = await claim({op: 'group', subject, position: at(offset), vector: vector('g1')});
      expect(made.verdict).toBe('go');
      const position = at(offset);
      return settle({kind: 'group', subject, position, remoteId: `remote-${subject}`, vector: vector('g1')});
    },
  };
}

export const at = (offset: number, source = 1): Position => ({
  source,
  offset,
  occurredAt: 1_000_000 + offset,
});
export const vector = (text: string): Buffer => Buffer.from(text);
export const user = (subject: string, offset: number, text: string, more: Partial<Claim> = {}): Claim => ({
  op: 'user',
  subject,
  position: at(offset),
  vector: vector(text),
  ...more,
});
export const leave = (subject: string, offset: number, more: Partial<Claim> = {}): Claim => ({
  op: 'leave',
  subject,
  position: at(offset),
  vector: vector('left'),
  ...more,
});
export const subjects = (list: readonly {subject: string}[]): string[] =>
  list.map(({subject}) => subject).sort();
