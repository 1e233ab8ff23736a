import type {CommandContext, ExitCode} from '../command.ts';
import {letterAction} from '../stored/action.ts';
import {confirm} from '../stored/confirm.ts';
import {reasonOf} from '../stored/reason.ts';
import {discardLetters} from '../stored/letter-acts.ts';
import {causeText} from './groups.ts';
import type {Chosen} from './retry-groups.ts';

const atOnce = 200;

/** Discards whole groups, as they were when they were shown; stops between two pages when it is interrupted. */
export async function discardGroups(context: CommandContext, chosen: readonly Chosen[]): Promise<ExitCode> {
  const count = chosen.reduce((sum, {group}) => sum + group.count, 0);
  if (!context.json)
    for (const {group} of chosen)
      context.print(`${group.target} ${group.id}: ${group.count} dead letter(s): ${causeText(group)}`);
  if (!(await confirm(context, count, 'discard dead letters:'))) return 2;
  const results: object[] = [];
  for (const {stored, group} of chosen) {
    let cursor: string | undefined;
    do {
      const page = await stored.letters.list({cause: group.id, until: group.lastAt, limit: atOnce, cursor});
      const why = reasonOf(context);
      await stored.audit.act(
        page.letters.map((letter) => letterAction('dead letter discarded', letter, why)),
      );
      for (const done of await discardLetters(stored, page.letters)) {
        results.push(done);
        if (!context.json) context.print(Object.values(done).join('  '));
      }
      cursor = page.cursor;
    } while (cursor !== undefined && !context.signal.aborted);
  }
  if (context.json) context.print(JSON.stringify({results}, null, 2));
  if (!context.signal.aborted) return 0;
  context.complain(`stopped: ${results.length} of ${count} were discarded; the same command goes on`);
  return 1;
}
