export {isoTime as timeOf} from '../../core/time.ts';

/** What a person copies into the next command: never cut. */
const whole: readonly string[] = ['target', 'id', 'subject', 'group'];
const narrowest = 6;
const gap = 2;

/** How wide a line may be: the terminal's columns; no bound where the output is no terminal. */
export const terminalColumns = (): number | undefined =>
  process.stdout.isTTY ? process.stdout.columns || 80 : undefined;

/**
 * Rows as a table whose columns stand under each other and that is no wider than `columns`: the widest are cut first. Cells come from
 * events and services: what would move the cursor of a terminal is shown as a replacement character.
 */
export function tableOf(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number | undefined = terminalColumns(),
): string[] {
  const all = [head, ...rows].map((row) => row.map(printable));
  const natural = head.map((_, column) => Math.max(...all.map((row) => lengthOf(row[column] ?? ''))));
  const widths = columns === undefined ? natural : fitted(head, natural, columns);
  return all.map((row) =>
    row
      .map((cell, column) => padded(cell, widths[column] ?? 0))
      .join(' '.repeat(gap))
      .trimEnd(),
  );
}

/** Text of others for a terminal: without control characters, and without what turns its direction. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD');

const lengthOf = (text: string): number => Array.from(text).length;

function padded(cell: string, width: number): string {
  const characters = Array.from(cell);
  if (characters.length <= width) return cell + ' '.repeat(width - characters.length);
  return `${characters.slice(0, width - 1).join('')}…`;
}

/** Takes from the widest that may be cut, one character at a time, until all fit or none can give more. */
function fitted(head: readonly string[], natural: readonly number[], columns: number): number[] {
  const widths = [...natural];
  const least = head.map((name, i) => (whole.includes(name) ? (natural[i] ?? 0) : narrowest));
  let over = widths.reduce((sum, width) => sum + width + gap, -gap) - columns;
  for (; over > 0; over -= 1) {
    const room = widths.map((width, i) => (width > (least[i] ?? 0) ? width : 0));
    const widest = room.indexOf(Math.max(...room));
    if (room[widest] === 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}
