import type {LetterGroup} from '../../stages/dead-letters/index.ts';
import type {Command} from '../command.ts';
import {targetOption} from '../stored/open.ts';
import {folded, printable, tablesOf, terminalColumns} from '../stored/table.ts';
import {withLetters} from './selection.ts';

/** `dead-letters groups`: what they have in common, how many, since when, how it goes, and what usually helps. */
export const deadLettersGroups: Command = {
  name: 'dead-letters groups',
  describe: 'dead letters by cause: how many, since when, whether more come, and what usually fixes it',
  options: [targetOption],
  run: (context) =>
    withLetters(context, async (stores) => {
      const found = (await Promise.all(stores.map(({letters}) => letters.groups()))).flat();
      const groups = found.toSorted(byUrgency);
      if (context.json) context.print(JSON.stringify({groups}, null, 2));
      else for (const line of groupLines(groups, Date.now())) context.print(line);
      return 0;
    }),
};

/** What the place of a group follows from. */
export type GroupPlace = Pick<LetterGroup, 'isCutOff' | 'count' | 'target' | 'id'>;

/** Of all targets together: leavers' first, then the largest; no two at one place. */
export const byUrgency = (a: GroupPlace, b: GroupPlace): number =>
  Number(b.isCutOff) - Number(a.isCutOff) ||
  b.count - a.count ||
  inText(a.target, b.target) ||
  inText(a.id, b.id);

const inText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const head = ['group', 'target', 'letters', 'since', 'last', '24 hours', 'cause'];
const sparkHours = 2;

/** A line for each group and one for what usually fixes it, no wider than the terminal, where there is one. */
export function groupLines(
  groups: readonly LetterGroup[],
  now: number,
  columns: number | undefined = terminalColumns(),
): string[] {
  if (groups.length === 0) return ['no dead letters'];
  const rows = groups.map((group) => [
    group.id,
    group.target,
    String(group.count),
    ago(group.firstAt, now),
    ago(group.lastAt, now),
    spark(group.trend),
    causeText(group),
  ]);
  // Of each row its own lines: one, or more where the terminal is narrow.
  return tablesOf(head, rows, columns).flatMap((lines, i) => [
    ...lines,
    ...(i === 0
      ? []
      : folded(groups[i - 1]?.advice ?? '', (columns ?? Infinity) - 2).map((line) => `  ${line}`)),
  ]);
}

/** What a group's letters have in common, in one line. */
export const causeText = ({isCutOff, cause, says, message}: LetterGroup): string =>
  printable(`${isCutOff ? 'LEAVERS NOT CUT OFF: ' : ''}${cause}: ${says ?? message}`);

/** How long ago, in its largest unit. */
export function ago(at: number, now: number): string {
  const seconds = Math.max(0, Math.round((now - at) / 1000));
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

const bars = '▁▂▃▄▅▆▇█';

/** Two hours a character, the latest last; a dot is none. */
export function spark(trend: readonly number[]): string {
  const sums: number[] = [];
  for (let i = 0; i < trend.length; i += sparkHours)
    sums.push(trend.slice(i, i + sparkHours).reduce((sum, count) => sum + count, 0));
  const most = Math.max(1, ...sums);
  return sums.map((sum) => (sum === 0 ? '·' : bars[Math.ceil((sum / most) * bars.length) - 1])).join('');
}
