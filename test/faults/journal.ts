/** What one event says of one membership; `ended`: by a leave, or a group's deletion. */
type News = 'in' | 'out' | 'ended' | undefined;

/** Where one membership stands. `either`: its end may have been overtaken before it began, and then it counts for nothing. */
export type Standing = 'in' | 'out' | 'either';

/** One event about a person or a group: `at` is its place among all events. */
export interface Step {
  at: number;
  /** Whether the target is to have it: at work and in scope, or made and in scope. */
  isThere: boolean;
  /** Of the other side's id. */
  says: (other: string) => News;
}

/** Whether an end that was said at `at` of this subject was carried out; undefined when that can not be told. */
export type WasDone = (subject: string, at: number) => boolean | undefined;

/** Whether what was said at `at` of this subject was held for a person. */
export type WasHeld = (subject: string, at: number) => boolean;

/** All that was said of people and groups, in order: who is to be in which group follows from it, at the end and on the way. */
export interface Journal {
  note(subject: string, step: Step): void;
  /** As the target is to have it now. */
  standing(group: string, person: string, wasDone: WasDone): Standing;
  /** The first of `seen` (in or out, as the target showed it in this order) that nothing newer than those before it explains. */
  firstBackwards(
    group: string,
    person: string,
    seen: readonly boolean[],
    wasHeld: WasHeld,
  ): number | undefined;
}

interface Said {
  at: number;
  isThere: boolean;
  /** Its end may have been held for a person: until that is decided it is there, and what is said of its memberships counts. */
  mayBeThere: boolean;
  news: News;
  /** The last of its steps up to this one that has news. */
  last: {at: number; news: News};
}

interface Side {
  subject: string;
  steps: Said[];
}

const nothing = {at: -1, news: undefined};

/** What the newest news of both sides says that was carried out. */
function standingOf([one, other]: [Side, Side], wasDone: WasDone): Standing {
  if (!one.steps.at(-1)?.isThere || !other.steps.at(-1)?.isThere) return 'out';
  const newestFirst = [one, other]
    .flatMap(({subject, steps}) => steps.map(({at, news}) => ({subject, at, news})))
    .toSorted((a, b) => b.at - a.at);
  let mayHaveEnded = false;
  for (const {subject, at, news} of newestFirst) {
    if (news === 'out') return 'out';
    if (news === 'in') return mayHaveEnded ? 'either' : 'in';
    const done = news === 'ended' && wasDone(subject, at);
    if (done === true) return 'out';
    mayHaveEnded ||= done === undefined;
  }
  return 'out';
}

/** Whether the target may show the membership so when it knows of both sides up to these steps. */
function mayShow(isIn: boolean, one: Said | undefined, other: Said | undefined): boolean {
  if (!one?.mayBeThere || !other?.mayBeThere) return !isIn;
  if (!isIn && !(one.isThere && other.isThere)) return true;
  const {news} = one.last.at > other.last.at ? one.last : other.last;
  return news === 'ended' || (news === 'in') === isIn;
}

/**
 * The target learns of both sides' events independently of each other, but of each side's in order. For each step of the one
 * side: the earliest of the other side with which all that was seen so far can be explained.
 */
function explain([{steps: one}, {steps: other}]: [Side, Side], seen: readonly boolean[]): number | undefined {
  let earliest = one.map(() => 0);
  for (const [n, isIn] of seen.entries()) {
    let least = Infinity;
    earliest = earliest.map((from, i) => {
      least = Math.min(least, from);
      for (let j = least; j < other.length; j += 1) if (mayShow(isIn, one[i], other[j])) return j;
      return Infinity;
    });
    if (earliest.every((j) => j === Infinity)) return n;
  }
  return undefined;
}

/** An empty one. */
export function createJournal(): Journal {
  const all = new Map<string, Step[]>();

  /** The steps that change anything for a membership in `other`, or of it. */
  const sideOf = (subject: string, other: string, wasHeld: WasHeld): Side => {
    let before: Said = {at: -1, isThere: false, mayBeThere: false, news: undefined, last: nothing};
    const steps = [before];
    for (const {at, isThere, says} of all.get(subject) ?? []) {
      const news = says(other);
      const mayBeThere = isThere || (before.mayBeThere && wasHeld(subject, at));
      if (news === undefined && isThere === before.isThere && mayBeThere === before.mayBeThere) continue;
      before = {at, isThere, mayBeThere, news, last: news === undefined ? before.last : {at, news}};
      steps.push(before);
    }
    return {subject, steps};
  };
  const sidesOf = (group: string, person: string, wasHeld: WasHeld = () => false): [Side, Side] => [
    sideOf(group, person, wasHeld),
    sideOf(person, group, wasHeld),
  ];

  return {
    note(subject, step) {
      const steps = all.get(subject);
      if (steps === undefined) all.set(subject, [step]);
      else steps.push(step);
    },
    standing: (group, person, wasDone) => standingOf(sidesOf(group, person), wasDone),
    firstBackwards: (group, person, seen, wasHeld) => explain(sidesOf(group, person, wasHeld), seen),
  };
}
