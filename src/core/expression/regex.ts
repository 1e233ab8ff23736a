import {charsOf, classOf, dot, escaped} from './regex-chars.ts';
import {charWalk, eitherOf, inRow, turned, unknownWalk, type Walk} from './regex-walk.ts';

/** How a regular expression searches, as far as its text tells. */
export interface Search {
  /** A search takes some `length ** degree` steps at most: how many parts of it may each match more or less. */
  degree: number;
  /** Why it may take as good as for ever over a short text. */
  problem?: string;
}

/** One term, or several in a row. */
interface Part extends Search {
  /** It matches as much as there is. */
  isOpen: boolean;
  /** Its alternatives may begin alike: there are several ways through the same text. */
  isAlike: boolean;
  /** The character that it begins with, where there is one. */
  first?: string | undefined;
  walk: Walk;
}

const nested = 'a repetition stands inside a repetition';
const alike = 'alternatives that may begin alike stand inside a repetition';

/** More often than this is as good as without an end. */
const mostTimes = 20;

/** Judges the source of a regular expression that compiles. It errs on the side of a problem. */
export function judgeRegex(source: string): Search {
  const {degree, problem} = new Reader(source).alternatives();
  return problem === undefined ? {degree} : {degree, problem};
}

class Reader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  /** Up to the end of the group, or of all. */
  alternatives(): Part {
    const branches = [this.#sequence()];
    while (this.#take('|')) branches.push(this.#sequence());
    const [only] = branches;
    if (only && branches.length === 1) return only;
    const firsts = branches.map(({first}) => first);
    const isAlike = firsts.includes(undefined) || new Set(firsts).size < firsts.length;
    const {degree, ...rest} = all(branches, eitherOf(branches.map(({walk}) => walk)));
    return {...rest, degree: degree + Number(isAlike), isAlike: isAlike || rest.isAlike};
  }

  #sequence(): Part {
    const terms: Part[] = [];
    while (this.#at < this.#source.length && !'|)'.includes(this.#source.charAt(this.#at)))
      terms.push(this.#term());
    return {...all(terms, inRow(terms.map(({walk}) => walk))), first: terms[0]?.first};
  }

  #term(): Part {
    const atom = this.#atom();
    const [least, most] = this.#quantifier();
    return most === 1 && least === 1 ? atom : repeated(atom, least, most);
  }

  #atom(): Part {
    const char = this.#next();
    if (char === '(') return this.#group();
    if (char === '[') return this.#class();
    if (char === '.') return plain(undefined, charWalk(dot));
    if (char === '^' || char === '$') return plain(undefined, unknownWalk);
    if (char !== '\\') return plain(char, charWalk(charsOf(char)));
    const after = this.#next();
    // A reference to a group matches as long a text as the group did.
    if (/[1-9k]/.test(after)) return {...plain(undefined, unknownWalk), degree: 1};
    if (/[bB]/.test(after)) return plain(undefined, unknownWalk);
    return plain(/\w/.test(after) ? undefined : after, charWalk(escaped(after)));
  }

  #group(): Part {
    const [mark = ''] = /^\?(?:[:=!]|<[=!]|<[^>]*>)/.exec(this.#source.slice(this.#at)) ?? [];
    this.#at += mark.length;
    const inner = this.alternatives();
    this.#take(')');
    // What is only looked at is no step of the way.
    return /^\?(?:[=!]|<[=!])/.test(mark) ? {...inner, walk: unknownWalk} : inner;
  }

  #class(): Part {
    const from = this.#at;
    for (let char = this.#next(); char !== ']' && char !== ''; char = this.#next())
      if (char === '\\') this.#next();
    return plain(undefined, charWalk(classOf(this.#source.slice(from, this.#at - 1))));
  }

  /** How often what stands before it may come, at least and at most. */
  #quantifier(): readonly [number, number] {
    const found = /^(?:[*+?]|\{(\d+)(,(\d*))?\})\??/.exec(this.#source.slice(this.#at));
    if (!found) return [1, 1];
    const [text, least, range, most] = found;
    this.#at += text.length;
    if (least === undefined) return [text.startsWith('+') ? 1 : 0, text.startsWith('?') ? 1 : Infinity];
    return [Number(least), range === undefined ? Number(least) : most ? Number(most) : Infinity];
  }

  #next(): string {
    const char = this.#source.charAt(this.#at);
    this.#at += char.length;
    return char;
  }

  #take(char: string): boolean {
    const isThere = this.#source.startsWith(char, this.#at);
    if (isThere) this.#at += char.length;
    return isThere;
  }
}

const plain = (first: string | undefined, walk: Walk): Part => ({
  walk,
  degree: 0,
  isOpen: false,
  isAlike: false,
  // Case may not count.
  first: first?.toLowerCase(),
});

const all = (parts: readonly Part[], walk: Walk): Part => {
  const problem = parts.find((part) => part.problem !== undefined)?.problem;
  return {
    walk,
    degree: parts.reduce((sum, {degree}) => sum + degree, 0),
    isOpen: parts.some(({isOpen}) => isOpen),
    isAlike: parts.some(({isAlike}) => isAlike),
    ...(problem === undefined ? {} : {problem}),
  };
};

function repeated(part: Part, least: number, most: number): Part {
  const isOpen = most > mostTimes;
  const isEmpty = part.walk.isEmpty;
  const walk = turned(part.walk, least, most);
  // One way through a text: it may end at many places, and no more.
  const isOneWay = walk.isClear && !isEmpty;
  const found = !isOpen || isOneWay ? undefined : part.isOpen ? nested : part.isAlike ? alike : undefined;
  const problem = part.problem ?? found;
  const isLinear = isOneWay && isOpen && (part.isOpen || part.isAlike);
  return {
    walk,
    degree: isLinear ? 1 : part.degree * Math.min(most, mostTimes) + (least === most ? 0 : 1),
    isOpen: part.isOpen || isOpen,
    isAlike: part.isAlike,
    ...(least > 0 ? {first: part.first} : {}),
    ...(problem === undefined ? {} : {problem}),
  };
}
