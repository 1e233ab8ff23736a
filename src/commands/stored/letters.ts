import type {DeadLetter} from '../../core/parked.ts';
import {tableOf, timeOf} from './table.ts';

/** How many letters there are of a cause. */
export interface Counted {
  cause: string;
  count: number;
}

/** How many letters there are of each cause, the most first. */
export function causesOf(letters: readonly DeadLetter[]): Counted[] {
  const byCause = Map.groupBy(letters, ({failure}) => failure.cause);
  return [...byCause].map(([cause, {length: count}]) => ({cause, count})).sort((a, b) => b.count - a.count);
}

/** How many there are, of which causes, and a line for each of the first. Of some that were asked for none does not say that there are none. */
export function listed(causes: readonly Counted[], first: readonly DeadLetter[], isOfSome = false): string[] {
  const all = causes.reduce((sum, {count}) => sum + count, 0);
  if (all === 0) return [isOfSome ? 'no dead letter is like that' : 'no dead letters'];
  const rows = first.map(({target, id, subject, kind, failure, attempts, at}) => [
    target,
    id,
    subject ?? '',
    timeOf(at),
    kind,
    String(attempts),
    failure.cause,
  ]);
  const head = ['target', 'id', 'subject', 'died', 'kind', 'attempts', 'cause'];
  return [
    `${all} dead letter(s)`,
    ...causes.map(({cause, count}) => `  ${count}  ${cause}`),
    ...tableOf(head, rows),
  ];
}
