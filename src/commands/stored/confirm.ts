import {createInterface} from 'node:readline/promises';
import type {CommandContext} from '../command.ts';

/** Whether to act on so many: one needs no word, more need `--yes` or a person who says so at the terminal. */
export async function confirm(context: CommandContext, count: number, what: string): Promise<boolean> {
  return count <= 1 || ask(context, `${what} ${count}`);
}

/** Whether to do so: `--yes`, or a person who says so at the terminal. */
export async function ask(context: CommandContext, what: string): Promise<boolean> {
  if (context.options['yes'] === true) return true;
  if (!process.stdin.isTTY) {
    context.complain(`${what}: give --yes to do so; nothing was done`);
    return false;
  }
  const terminal = createInterface({input: process.stdin, output: process.stderr});
  try {
    const answer = await terminal.question(`${what}? [y/N] `, {signal: context.signal});
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

/** A time given as ISO 8601 in an option, in milliseconds; undefined when absent, `NaN` when it is no time. */
export const timeOption = (value: CommandContext['options'][string]): number | undefined =>
  typeof value === 'string' ? Date.parse(value) : undefined;
