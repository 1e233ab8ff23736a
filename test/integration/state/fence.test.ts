import {expect, test} from '@jest/globals';
import fc from 'fast-check';
import type {Position} from '../../../src/core/change.ts';
import type {Claim} from '../../../src/core/state.ts';
import {stateRig, vector} from './rig.ts';

const {claim, rig, settle} = stateRig();

interface Said {
  position: Position;
  /** What is wanted of the account; nothing: that it is gone. */
  wanted: string | undefined;
}

/** A request that has left: its account is as it says. */
interface Sent {
  token: string;
  said: Said;
}

/** In one source the offset decides, in two the time, and on a tie the leave is the newer. */
function newer(one: Said, other: Said): number {
  const [a, b] = [one.position, other.position];
  if (a.source === b.source) return a.offset - b.offset;
  return a.occurredAt - b.occurredAt || Number(one.wanted === undefined) - Number(other.wanted === undefined);
}

/**
 * Two partitions of one subject's history (a topic that was recreated, or two topics): time goes on within each, and ties
 * stand between them alone. Two events of one millisecond in one partition, with a third of that millisecond in the other,
 * have no order: the offset says one thing and the tie another.
 */
const history: fc.Arbitrary<Said[]> = fc
  .array(
    fc.record({
      source: fc.constantFrom(1, 2),
      step: fc.integer({min: 1, max: 3}),
      wanted: fc.constantFrom('a', 'b', 'c', undefined),
    }),
    {minLength: 2, maxLength: 8},
  )
  .map((drawn) => {
    const at: Record<number, {offset: number; time: number}> = {
      1: {offset: 0, time: 1_000_000},
      2: {offset: 0, time: 1_000_001},
    };
    return drawn.map(({source, step, wanted}) => {
      const place = at[source] ?? {offset: 0, time: 0};
      place.offset += 1;
      place.time += step;
      return {position: {source, offset: place.offset, occurredAt: place.time}, wanted};
    });
  });

/** What happens, in any order: an event is handed out (again), an attempt ends in one of four ways, time passes. */
const happening = fc.oneof(
  {weight: 4, arbitrary: fc.record({what: fc.constant('claim' as const), which: fc.nat()})},
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constantFrom('done', 'lost answer', 'nothing sent', 'died'),
      which: fc.nat(),
    }),
  },
  {weight: 1, arbitrary: fc.record({what: fc.constant('leases run out' as const), which: fc.nat()})},
);

let runs = 0;

/** One subject, its account, and the requests that are under way. */
class Story {
  readonly #subject = `p${(runs += 1)}`;
  /** What the account was told, in that order. */
  readonly told: Said[] = [];
  /** Whether an attempt ended with nobody knowing how. */
  #doubt = false;
  readonly #underWay: Sent[] = [];
  #tokens = 0;

  async claim(said: Said): Promise<string> {
    const {position, wanted} = said;
    const one: Claim =
      wanted === undefined
        ? {op: 'leave', subject: this.#subject, position, vector: vector('left'), approved: true}
        : {op: 'user', subject: this.#subject, position, vector: vector(wanted)};
    const token = `t${(this.#tokens += 1)}`;
    const {verdict} = await claim(one, token);
    if (verdict === 'go') {
      this.told.push(said);
      this.#underWay.push({token, said});
    }
    if (verdict === 'unchanged' && !this.#doubt) expect(this.told.at(-1)?.wanted).toBe(wanted);
    return verdict;
  }

  async end(how: 'done' | 'lost answer' | 'nothing sent' | 'died', which: number): Promise<void> {
    const [sent] = this.#underWay.splice(which % Math.max(1, this.#underWay.length), 1);
    if (!sent) return;
    const {token, said} = sent;
    if (how === 'died' || how === 'lost answer') this.#doubt = true;
    if (how === 'died') return;
    const unwanted = said.wanted === undefined;
    const about = {subject: this.#subject, token, position: said.position, unwanted};
    // A request that is sent no more is one that was never sent, unless another has been since.
    if (how === 'nothing sent' && this.told.at(-1) === said) this.told.pop();
    const ends = {active: false, closesCutOff: true, endsMemberships: true};
    const {held} = await settle(
      how === 'done'
        ? {
            ...about,
            remoteId: `r-${this.#subject}`,
            vector: vector(said.wanted ?? 'left'),
            ...(unwanted ? ends : {}),
          }
        : {...about, result: {done: false, maybeDone: how === 'lost answer', decided: how === 'lost answer'}},
    );
    if (how === 'done' && held) this.#doubt = false;
    if (how === 'nothing sent') this.#doubt = true;
  }

  endLast(): Promise<void> {
    return this.end('done', this.#underWay.length - 1);
  }

  leasesRunOut(): void {
    rig.now += 31_000;
    if (this.#underWay.length > 0) this.#doubt = true;
  }
}

test('whatever ends how, and comes again: the account is never told older news, and the newest in the end', async () => {
  await fc.assert(
    fc.asyncProperty(history, fc.array(happening, {maxLength: 30}), async (events, happenings) => {
      const story = new Story();
      for (const {what, which} of happenings) {
        if (what === 'claim') await story.claim(events[which % events.length] as Said);
        else if (what === 'leases run out') story.leasesRunOut();
        else await story.end(what, which);
      }
      // Kafka hands all of it out again until nothing is left to do.
      story.leasesRunOut();
      for (const said of events) if ((await story.claim(said)) === 'go') await story.endLast();
      for (const [at, said] of story.told.entries())
        if (at > 0) expect(newer(said, story.told[at - 1] as Said)).toBeGreaterThanOrEqual(0);
      const newest = events.reduce((best, said) => (newer(said, best) >= 0 ? said : best));
      const last = story.told.at(-1);
      // A leave of somebody who never had an account needs no request; otherwise the last word is the newest one's.
      if (last === undefined) expect(newest.wanted).toBeUndefined();
      else expect(last.wanted).toBe(newest.wanted);
    }),
    {numRuns: 150},
  );
}, 120_000);
