import {expect, test} from '@jest/globals';
import fc from 'fast-check';
import type {Position} from '../../../src/core/change.ts';
import type {Claim, ClaimReply, Settle} from '../../../src/core/state.ts';
import {groups, history, people, saysOf, type Said} from './memberships-said.ts';
import {stateRig, vector} from './rig.ts';

const {rig, settle} = stateRig();

const hows = ['done', 'nothing sent', 'lost', 'died'] as const;
type How = (typeof hows)[number];
const happenings = fc.array(
  fc.record({which: fc.array(fc.nat(), {minLength: 1, maxLength: 3}), how: fc.constantFrom(...hows)}),
  {maxLength: 25},
);

let runs = 0;

/** The people and groups of one run, what the target has of them, and what was said. */
class Story {
  readonly #run = (runs += 1);
  readonly #events: readonly Said[];
  /** Leaves and deletions that have begun: one that was overtaken before that never was. */
  readonly #begun = new Set<Said>();
  readonly #accounts = new Map<string, boolean>();
  readonly #groups = new Map<string, Set<string>>();
  #tokens = 0;

  constructor(events: readonly Said[]) {
    this.#events = events;
  }

  /** One batch: these events, of a subject one at the most, and what they leave to tell of groups. */
  async hear(which: readonly Said[], how: How): Promise<boolean> {
    const token = `t${(this.#tokens += 1)}`;
    const said = which.filter(({of}, i) => which.findIndex((other) => other.of === of) === i);
    const {replies} = await rig.state.claim(
      token,
      said.map((one) => this.#claim(one)),
    );
    let went = false;
    for (const [i, one] of said.entries()) {
      const reply = replies[i] as ClaimReply;
      went ||= reply.verdict === 'go';
      await this.#answer(one, reply, token, how);
    }
    return went;
  }

  async sync(group: string, how: How): Promise<boolean> {
    const token = `t${(this.#tokens += 1)}`;
    const claim: Claim = {op: 'sync', subject: this.#id(group), position: nowhere, vector: nothing};
    const [reply] = (await rig.state.claim(token, [claim])).replies;
    if (reply?.verdict !== 'go') return false;
    await this.#tell(group, reply, {token, keeps: true, moves: false, position: nowhere}, how);
    return true;
  }

  /** Kafka hands all of it out again until nothing is left to do. */
  async end(): Promise<void> {
    rig.now += 31_000;
    for (const one of this.#events) await this.hear([one], 'done');
    for (const group of groups) while (await this.sync(group, 'done'));
    for (const group of groups) {
      const told = this.#groups.get(group);
      if (!told) continue;
      const wanted = people.filter((one) => this.#accounts.get(one) === true && this.#isIn(group, one));
      expect([group, [...told].sort()]).toEqual([group, wanted]);
    }
  }

  leasesRunOut(): void {
    rig.now += 31_000;
  }

  #id = (name: string): string => `${this.#run}-${name}`;

  #claim(said: Said): Claim {
    const about = {subject: this.#id(said.of), position: said.position, approved: true};
    const ids = (list: string[] | undefined) => (list ? {whole: list.map(this.#id)} : {});
    const outside = {byScope: true, keepsMemberships: true};
    switch (said.is) {
      case 'user':
        return {...about, op: 'user', vector: vector('v1'), ...ids(said.groups)};
      case 'outside':
        return {...about, op: 'leave', vector: vector('left'), ...outside, ...ids(said.groups)};
      case 'leave':
        return {...about, op: 'leave', vector: vector('left')};
      case 'group':
        return {...about, op: 'group', vector: vector('g1'), ...ids(said.members)};
      case 'unscoped':
        return {...about, op: 'ungroup', vector: nothing, ...outside, ...ids(said.members)};
      case 'deletion':
        return {...about, op: 'ungroup', vector: nothing};
      case 'delta': {
        const [added, removed] = [said.added.map(this.#id), said.removed.map(this.#id)];
        return {...about, op: 'delta', vector: nothing, added, removed};
      }
      default:
        return said satisfies never;
    }
  }

  async #answer(said: Said, reply: ClaimReply, token: string, how: How): Promise<void> {
    const about = {token, position: said.position};
    const isNews = reply.verdict === 'unchanged' || reply.verdict === 'skipped';
    switch (said.is) {
      case 'delta':
        return;
      case 'deletion':
      case 'unscoped':
        if (reply.verdict === 'go' || isNews) this.#begun.add(said);
        if (reply.verdict === 'go') await this.#drop(said.of, about, how);
        return;
      case 'group':
        if (reply.verdict === 'go') await this.#tell(said.of, reply, about, how);
        return;
      case 'user':
        if (reply.verdict === 'go') await this.#let(said.of, reply, about, how);
        return;
      case 'leave':
      case 'outside': {
        const isCut = reply.verdict === 'go' && (reply.cutOffBegunAt !== undefined || reply.same);
        if (isNews || isCut || (reply.verdict === 'go' && how === 'done')) this.#begun.add(said);
        if (reply.verdict === 'go') await this.#cutOff(said, reply, about, how);
        return;
      }
      default:
        return said satisfies never;
    }
  }

  async #settle(subject: string, how: How, settled: Partial<Settle> & {position: Position}): Promise<void> {
    if (how === 'died') return;
    const failed = {done: false, maybeDone: how === 'lost', decided: how === 'lost'} as const;
    const {members, ...rest} = settled;
    const ends = how === 'done' ? {...rest, ...(members && {members})} : {...rest, result: failed};
    await settle({...ends, subject: this.#id(subject)});
  }

  /** Into the target: who is not there is made only where that is known in the end. */
  async #let(of: string, reply: ClaimReply, about: About, how: How): Promise<void> {
    const known = reply.remoteId !== undefined;
    const ends = known || how === 'done' ? how : 'nothing sent';
    if (ends !== 'nothing sent') this.#accounts.set(of, true);
    const closes = reply.cutOffBegunAt === undefined ? {} : {closesCutOff: true, endsMemberships: true};
    const here = {remoteId: `r-${this.#id(of)}`, vector: vector('v1'), ...closes};
    await this.#settle(of, ends, {...about, ...here});
  }

  async #cutOff({is, of}: Said, reply: ClaimReply, about: About, how: How): Promise<void> {
    if (reply.remoteId !== undefined && how !== 'nothing sent') this.#accounts.set(of, false);
    const remote = reply.remoteId === undefined ? {absent: true} : {remoteId: reply.remoteId};
    const ends = is === 'leave' ? {endsMemberships: true} : {suspends: true};
    const cut = reply.same ? {} : {closesCutOff: true, ...ends};
    const left = {active: false, unwanted: true, vector: vector('left'), ...remote, ...cut};
    await this.#settle(of, how, {...about, ...left});
  }

  async #drop(of: string, about: About, how: How): Promise<void> {
    const ends = how === 'done' ? how : 'nothing sent';
    if (ends === 'done') this.#groups.delete(of);
    const gone = {kind: 'group', absent: true, active: false, unwanted: true} as const;
    await this.#settle(of, ends, {...about, ...gone});
  }

  async #tell(of: string, reply: ClaimReply, about: Partial<Settle> & About, how: How): Promise<void> {
    const ends = reply.remoteId !== undefined || how === 'done' ? how : 'nothing sent';
    const names = ({subject}: {subject: string}): string => subject.slice(subject.indexOf('-') + 1);
    if (ends !== 'nothing sent') {
      const told = reply.remoteId === undefined ? new Set<string>() : (this.#groups.get(of) ?? new Set());
      for (const member of reply.remove) told.delete(names(member));
      for (const member of reply.add) told.add(names(member));
      this.#groups.set(of, told);
    }
    const members = {
      added: reply.add.map(({subject}) => subject),
      removed: reply.remove.map(({subject}) => subject),
    };
    const remoteId = reply.remoteId ?? `r-${about.token}-${this.#id(of)}`;
    await this.#settle(of, ends, {...about, kind: 'group', remoteId, vector: vector('g1'), members});
  }

  /** By the newest of all that says so. */
  #isIn(group: string, one: string): boolean {
    const says = this.#events.flatMap((said) => {
      const isIn = saysOf(said, group, one);
      const isBegun = !('leave deletion'.includes(said.is) && !this.#begun.has(said));
      return isIn === undefined || !isBegun ? [] : [{isIn, at: said.position.occurredAt}];
    });
    return says.toSorted((a, b) => a.at - b.at).at(-1)?.isIn ?? false;
  }
}

type About = {token: string; position: Position};
const nowhere: Position = {source: 0, offset: -1, occurredAt: 0};
const nothing = Buffer.alloc(0);

test('whatever is heard in which order, and ends how: each group has who was said last to be in it', async () => {
  await fc.assert(
    fc.asyncProperty(history, happenings, async (events, happened) => {
      const story = new Story(events);
      for (const {which, how} of happened) {
        await story.hear(
          which.map((at) => events[at % events.length] as Said),
          how,
        );
        if (how === 'died') story.leasesRunOut();
        await story.sync(groups[(which[0] ?? 0) % groups.length] as string, how);
        if (how === 'died') story.leasesRunOut();
      }
      await story.end();
    }),
    {numRuns: Number(process.env['ORDER_RUNS'] ?? 150)},
  );
}, 300_000);
