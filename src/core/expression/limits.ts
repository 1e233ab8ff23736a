/** What one run of an expression may take. */
export const limits = {
  /** Milliseconds. One that took longer is run once more: the process may have been stopped meanwhile. */
  timeMs: 500,
  /** Expressions inside each other, calls of functions included. */
  depth: 500,
  /** Items of a list that the expression makes. */
  items: 100_000,
  /** Items of a list for the functions of JSONata that take the square of it. */
  squaredItems: 5000,
  /** Items that `$append` copies in one run: it copies the whole list for each one that it adds. */
  copiedItems: 10_000_000,
  /** Of a text that it reads or makes. */
  characters: 1_000_000,
  /** Milliseconds that one regular expression may search. */
  regexMs: 100,
};
