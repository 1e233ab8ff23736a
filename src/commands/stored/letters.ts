import type {DeadLetter} from '../../core/parked.ts';
import {tableOf, timeOf} from './table.ts';

/** How many letters there are of each cause, the most first. */
export function causesOf(letters: readonly DeadLetter[]): {cause: string; count: number}[] {
  const byCause = Map.groupBy(letters, ({failure}) => failure.cause);
  return [...byCause].map(([cause, {length: count}]) => ({cause, count})).sort((a, b) => b.count - a.count);
}

/** How many there are, of which causes, and a line for each of the first. */
export function listed(letters: readonly DeadLetter[], limit: number = letters.length): string[] {
  if (letters.length === 0) return ['no dead letters'];
  const rows = letters
    .slice(0, limit)
    .map(({target, id, subject, kind, failure, attempts, at}) => [
      target,
      id,
      subject ?? '',
      kind,
      failure.cause,
      String(attempts),
      timeOf(at),
    ]);
  const head = ['target', 'id', 'subject', 'kind', 'cause', 'attempts', 'died'];
  const causes = causesOf(letters).map(({cause, count}) => `  ${count}  ${cause}`);
  return [`${letters.length} dead letter(s)`, ...causes, ...tableOf(head, rows)];
}
