/** A set of characters as bits: one for each of ASCII, and one for all others together. */
export type Chars = bigint;

const others = 128;
const bit = (code: number): Chars => 1n << BigInt(Math.min(code, others));

const range = (from: number, to: number): Chars => {
  let found = 0n;
  for (let code = from; code <= Math.min(to, others); code++) found |= bit(code);
  return found;
};

export const anyChar: Chars = range(0, others);
export const none: Chars = 0n;
const not = (chars: Chars): Chars => anyChar & ~chars;
const texts = (text: string): Chars =>
  Array.from(text).reduce((all, char) => all | bit(char.charCodeAt(0)), 0n);

const digits = texts('0123456789');
const letters = range(65, 90) | range(97, 122);
const words = digits | letters | texts('_');
const spaces = texts(' \t\n\v\f\r') | bit(others);
const lineEnds = texts('\n\r');

/** The character itself in both cases, as case may not count. */
export const charsOf = (char: string): Chars =>
  [char, char.toLowerCase(), char.toUpperCase()].reduce((all, one) => all | bit(one.charCodeAt(0)), 0n);

/** What `.` matches; of line ends beyond ASCII it is not known. */
export const dot: Chars = not(lineEnds);

const classes: Readonly<Record<string, Chars>> = {
  ...{d: digits, D: not(digits), w: words, W: not(words), s: spaces, S: not(spaces) | bit(others)},
  ...{n: texts('\n'), r: texts('\r'), t: texts('\t'), v: texts('\v'), f: texts('\f')},
};

/** What `\` and this character match; of letters and digits that stand for more, as if it were all. */
export const escaped = (char: string): Chars =>
  classes[char] ?? (/[A-Za-z0-9]/.test(char) ? anyChar : charsOf(char));

/** What the text between `[` and `]` matches. */
export function classOf(text: string): Chars {
  const isNegated = text.startsWith('^');
  const items = (isNegated ? text.slice(1) : text).match(/\\?[^]/g) ?? [];
  let found = none;
  for (let at = 0; at < items.length; at++) {
    const [from = '', dash, to] = items.slice(at, at + 3);
    const isRange = dash === '-' && to !== undefined;
    // An end of a range that is escaped is hardly written: it may be anything.
    found |= isRange ? rangeOf(from, to) : charsOfItem(from);
    if (isRange) at += 2;
  }
  // Of what is beyond ASCII one may be in the class and another not.
  return isNegated ? not(found) | bit(others) : found;
}

const charsOfItem = (item: string): Chars =>
  item.length > 1 && item.startsWith('\\') ? escaped(item.slice(1)) : charsOf(item);

function rangeOf(from: string, to: string): Chars {
  if (from.length > 1 || to.length > 1) return anyChar;
  let found = none;
  for (let code = from.charCodeAt(0); code <= Math.min(to.charCodeAt(0), others); code++)
    found |= code < others ? charsOf(String.fromCharCode(code)) : bit(others);
  return found;
}
