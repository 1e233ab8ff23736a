export {isoTime as timeOf} from '../../core/time.ts';

const gap = 2;
/** How far a row's second line stands in. */
const indent = 2;
/** A last column that has so many characters left is folded where it stands. */
const leastRoom = 24;

/** How wide a line may be: the terminal's columns; no bound where the output is no terminal. */
export const terminalColumns = (): number | undefined =>
  process.stdout.isTTY ? process.stdout.columns || 80 : undefined;

/**
 * Rows as a table whose columns stand under each other. No line is wider than `columns`, and nothing is cut: the last column is
 * folded, or what has no room goes on below its row. A word that is too long for a line stays whole, so that it can be copied. Cells come
 * from events and services: what would move the cursor of a terminal is shown as a replacement character.
 */
export const tableOf = (...given: Parameters<typeof tablesOf>): string[] => tablesOf(...given).flat();

/** The same, the lines of each row apart; those of the head come first. */
export function tablesOf(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number | undefined = terminalColumns(),
): string[][] {
  const all = [head, ...rows].map((row) => row.map(printable));
  const widths = widthsOf(all, head.length, columns);
  const beside = fitting(widths, columns ?? Infinity);
  if (columns === undefined) return all.map((row) => [lineOf(row, widths)]);
  const room = columns - widthOf(widths.slice(0, -1)) - gap;
  const isFolded =
    beside >= head.length - 1 && room >= Math.max(...all.map((row) => longestWord(row.at(-1) ?? '')));
  return all.map((row) => {
    const long = row.findIndex((cell, column) => lengthOf(cell) > (widths[column] ?? 0));
    const fit = long < 0 ? beside : Math.min(beside, long);
    if (fit === head.length) return [lineOf(row, widths)];
    if (isFolded && room >= leastRoom && fit === head.length - 1) return foldedLast(row, widths, room);
    return [...(fit === 0 ? [] : [lineOf(row.slice(0, fit), widths)]), ...below(row.slice(fit), columns)];
  });
}

/** How wide each column is. One cell that is far too long widens none but the last: its row alone is broken up. */
function widthsOf(all: readonly (readonly string[])[], count: number, columns: number | undefined): number[] {
  return Array.from({length: count}, (_, column) => {
    const lengths = all.map((row) => lengthOf(row[column] ?? ''));
    const most = columns === undefined || column === count - 1 ? Infinity : Math.floor((columns * 3) / 4);
    return Math.max(0, ...lengths.filter((length) => length <= most));
  });
}

const widthOf = (widths: readonly number[]): number => widths.reduce((sum, width) => sum + width + gap, -gap);

/** How many of the columns have room beside each other. */
function fitting(widths: readonly number[], columns: number): number {
  let count = 0;
  while (count < widths.length && widthOf(widths.slice(0, count + 1)) <= columns) count += 1;
  return count;
}

const lineOf = (row: readonly string[], widths: readonly number[]): string =>
  row
    .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - lengthOf(cell))))
    .join(' '.repeat(gap))
    .replace(/ +$/, '');

function foldedLast(row: readonly string[], widths: readonly number[], room: number): string[] {
  const lines = folded(row.at(-1) ?? '', room);
  return (lines.length === 0 ? [''] : lines).map((last, i) =>
    lineOf([...row.slice(0, -1).map((cell) => (i === 0 ? cell : '')), last], widths),
  );
}

function below(cells: readonly string[], columns: number): string[] {
  const text = cells.filter((cell) => cell !== '').join(' '.repeat(gap));
  return folded(text, columns - indent).map((line) => ' '.repeat(indent) + line);
}

/** A text in lines of so many characters, broken between words; a longer word has a line of its own. */
export function folded(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && lengthOf(line) + 1 + lengthOf(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  // Blanks alone: other white space is somebody's text.
  return [...lines, line].map((one) => one.replace(/^ +| +$/g, '')).filter((one) => one !== '');
}

const longestWord = (text: string): number => Math.max(...text.split(' ').map(lengthOf));

/** Text of others for a terminal: without control characters, and without what turns its direction. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD');

const lengthOf = (text: string): number => Array.from(text).length;
