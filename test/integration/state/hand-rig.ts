import {beforeEach} from '@jest/globals';
import type {LaneEntry} from '../../../src/core/parked.ts';
import type {Claim, Settle} from '../../../src/core/state.ts';
import {at, stateRig, user, vector} from './rig.ts';

/** A target's state, and people who are cut off by hand. */
export function handRig() {
  const made = stateRig();
  const {rig, settle} = made;
  const woken: string[] = [];
  beforeEach(() => void woken.splice(0));
  const wake = (subject: string): Promise<void> => {
    woken.push(subject);
    return Promise.resolve();
  };
  const nowhere = () => ({source: 0, offset: -1, occurredAt: rig.now});
  const ended = {active: false, closesCutOff: true, suspends: true, moves: false};
  return {
    ...made,
    /** Lanes that were woken by a mark or a lift. */
    woken,
    nowhere,
    mark: (subject: string, by = 'ada@desk'): Promise<boolean> =>
      rig.hands.mark(subject, {by, at: rig.now, reason: 'stolen laptop'}, {wake}),
    lift: (subject: string): Promise<boolean> => rig.hands.lift(subject, {wake}),
    /** As the dispatcher claims it, from the lane. */
    cutOff: (subject: string): Claim => ({
      ...{op: 'leave', subject, position: nowhere(), vector: vector('')},
      ...{fromLane: true, approved: true, force: true, byHand: true},
    }),
    /** It was carried out. */
    finish: (subject: string, more: Partial<Settle> = {}) =>
      settle({subject, position: nowhere(), remoteId: `remote-${subject}`, ...ended, ...more}),
    /** As the dispatcher holds a snapshot that the claim has barred. */
    bar: (subject: string, offset: number) => rig.holds.hold({...snapshot(offset), isBarred: true}, subject),
    sync: (subject: string): Claim => ({op: 'sync', subject, position: nowhere(), vector: vector('')}),
  };
}

/** Behind the cut-off in the lane: in these tests nobody turns it. */
export const again = (subject: string, offset: number): Claim =>
  user(subject, offset, `v${offset}`, {fromLane: true});

export const snapshot = (offset: number): LaneEntry => ({
  ...{id: `t/0/${offset}`, kind: 'snapshot', saysMembers: false, position: at(offset)},
  ...{firstAt: 1, attempts: 0, ageMs: 0},
});
