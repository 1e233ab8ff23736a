import {parse} from 'scim2-parse-filter';

/**
 * Where a filter that does not parse goes wrong: the parser tells no place, so the longest run of its words that still
 * could go on to be a filter is looked for. Filters are short; this runs once, for a message.
 */
export function placeOf(filter: string): string {
  const words = [...filter.matchAll(/"(?:[^"\\]|\\.)*"|[()[\]]|[^\s()[\]"]+|"/g)];
  for (let count = words.length - 1; count >= 0; count -= 1) {
    const word = words[count];
    if (word !== undefined && couldGoOn(words.slice(0, count).join(' '))) {
      const end = count === words.length - 1 && couldGoOn(words.join(' '));
      return end ? `column ${filter.length + 1}, at the end` : `column ${word.index + 1}, at ${word[0]}`;
    }
  }
  return 'column 1';
}

/** What may stand after the beginning of a filter, so that it becomes a whole one. */
const endings = ['', 'eq 1', '1', 'a pr', 'pr', 'and a pr'];
const closings = ['', ')', ']', '))', '])', ')]', ')))'];

function couldGoOn(start: string): boolean {
  return endings.some((ending) => closings.some((closing) => parses(`${start} ${ending}${closing}`)));
}

function parses(filter: string): boolean {
  try {
    parse(filter);
    return true;
  } catch {
    return false;
  }
}
