import {parse} from 'scim2-parse-filter';

/**
 * Where a filter that does not parse goes wrong and what is expected there, in words: the parser tells no place, so the longest run of
 * its words that still could go on to be a filter is looked for. Filters are short; this runs once, for a message. Nothing when the
 * filter does parse.
 */
export function troubleIn(filter: string): string | undefined {
  if (parses(filter)) return undefined;
  const words = [...filter.matchAll(/"(?:[^"\\]|\\.)*"|[()[\]]|[^\s()[\]"]+|"/g)];
  for (let count = words.length; count >= 0; count -= 1) {
    const start = words
      .slice(0, count)
      .map(([text]) => text)
      .join(' ');
    const expected = continuations.filter((one) => couldGoOn(start, one.by)).map(({name}) => name);
    if (expected.length === 0) continue;
    const word = words[count];
    const place = word
      ? `column ${word.index + 1}, at ${word[0]}`
      : `column ${filter.length + 1}, at the end`;
    return `${place}: expected ${expected.join(', ')}`;
  }
  return 'column 1: not a filter';
}

/** What may come next in a filter, and how that is tried. */
const continuations = [
  {name: 'a value (a text in double quotes, a number, true, false or null)', by: ['"x"']},
  {name: 'eq, ne, co, sw, ew, gt, ge, lt, le or pr', by: ['pr']},
  {name: 'an attribute', by: ['a pr']},
  {name: 'and/or', by: ['and a pr']},
  {name: 'a closing bracket', by: [')', ']']},
];
const closings = ['', ')', ']', '))', '])', ')]', ')))'];

function couldGoOn(start: string, by: readonly string[]): boolean {
  return by.some((next) => closings.some((closing) => parses(`${start} ${next}${closing}`)));
}

function parses(filter: string): boolean {
  try {
    parse(filter);
    return true;
  } catch {
    return false;
  }
}
