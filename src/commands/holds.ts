import type {AuditAction} from '../core/audit.ts';
import {byHand} from '../core/hand.ts';
import type {Held} from '../stages/holds/index.ts';
import type {Command, CommandContext, CommandOption, ExitCode} from './command.ts';
import {actionOf} from './stored/action.ts';
import {confirm, timeOption} from './stored/confirm.ts';
import {reasonOf, reasonOption} from './stored/reason.ts';
import {approveHeld, discardHeld} from './stored/hold-acts.ts';
import {targetOption, withStored, type Stored} from './stored/open.ts';
import {tableOf, timeOf} from './stored/table.ts';

const subjects = [{name: '[subjects...]', describe: 'ids of subjects whose leave is held'}];
const times: readonly CommandOption[] = [
  targetOption,
  {flags: '--since <time>', describe: 'those held at or after this time (ISO 8601)'},
  {flags: '--until <time>', describe: 'those held at or before this time (ISO 8601)'},
];
const yes: CommandOption = {flags: '--yes', describe: 'do not ask'};

type Found = {stored: Stored; held: Held[]}[];

/** `holds list`: the leaves that wait for a person. */
export const holdsList: Command = {
  name: 'holds list',
  describe: 'list what is held, by the guard or a cut-off by hand, the oldest first',
  options: times,
  run: (context) => withHeld(context, (found) => Promise.resolve(show(context, found))),
};

/** `holds approve`: the leaves go on. */
export const holdsApprove: Command = {
  name: 'holds approve',
  describe: 'let held leaves go on: the accounts are cut off',
  arguments: subjects,
  options: [...times, yes, reasonOption],
  run: (context) =>
    act(context, 'approve', async (stored, held) => {
      await stored.audit.act([actionOn(context, 'held leave approved', stored, held)]);
      return approveHeld(stored, held);
    }),
};

/** `holds discard`: the leaves are dropped, with an audit record each. */
export const holdsDiscard: Command = {
  name: 'holds discard',
  describe: 'drop held leaves: the accounts stay as they are until a newer event',
  arguments: subjects,
  options: [...times, yes, reasonOption],
  run: (context) =>
    act(context, 'discard', async (stored, held) => {
      await stored.audit.act([actionOn(context, 'held leave discarded', stored, held)]);
      return discardHeld(stored, held);
    }),
};

const actionOn = (
  context: CommandContext,
  action: string,
  {target}: Stored,
  {subject, entry}: Held,
): AuditAction => actionOf(action, {target, subject, about: {event: entry.id}, ...reasonOf(context)});

type Action = (stored: Stored, held: Held) => Promise<string>;

async function act(context: CommandContext, what: string, action: Action): Promise<ExitCode> {
  const isChosen = context.arguments.length > 0 || ['since', 'until'].some((name) => context.options[name]);
  if (!isChosen) {
    context.complain(`holds ${what}: expected subjects, or --since or --until`);
    return 2;
  }
  return withHeld(context, async (found) => {
    const count = found.reduce((sum, {held}) => sum + held.length, 0);
    if (!context.json) show(context, found);
    if (!(await confirm(context, count, `${what} held leaves:`))) return 2;
    const results: {result: string}[] = [];
    for (const {stored, held} of found) {
      for (const one of held) {
        const done = {
          target: stored.target,
          subject: one.subject,
          result: await action(stored, one),
        };
        results.push(done);
        if (!context.json) context.print(Object.values(done).join('  '));
      }
    }
    if (context.json) context.print(JSON.stringify({results}, null, 2));
    const isWhole = results.every(({result}) => ['approved', 'discarded', 'gone'].includes(result));
    return nameMissing(context, found) || count === 0 || !isWhole ? 1 : 0;
  });
}

/** Names those who were asked for and are held at none of the targets; whether there are any. */
function nameMissing({arguments: asked, complain}: CommandContext, found: Found): boolean {
  const held = new Set(found.flatMap((at) => at.held.map(({subject}) => subject)));
  const missing = asked.filter((subject) => !held.has(subject));
  for (const subject of missing) complain(`no leave of ${subject} is held`);
  return missing.length > 0;
}

async function withHeld(
  context: CommandContext,
  work: (found: Found) => Promise<ExitCode>,
): Promise<ExitCode> {
  const [since = 0, until = Infinity] = [
    timeOption(context.options['since']),
    timeOption(context.options['until']),
  ];
  if (Number.isNaN(since) || Number.isNaN(until)) {
    context.complain('holds: expected a time such as 2026-11-24T08:00:00Z');
    return 2;
  }
  const asked = new Set(context.arguments);
  return withStored(context, async (stores) => {
    const found = await Promise.all(
      stores.map(async (stored) => ({
        stored,
        held: (await stored.holds.list()).filter(
          ({subject, heldAt}) =>
            heldAt >= since && heldAt <= until && (asked.size === 0 || asked.has(subject)),
        ),
      })),
    );
    return work(found);
  });
}

function show({json, print}: CommandContext, found: Found): ExitCode {
  const all = found.flatMap(({stored: {target}, held}) =>
    held.map(({subject, heldAt, entry}) => ({
      ...{target, subject, heldAt: timeOf(heldAt), event: entry.id},
      reason: entry.isBarred ? byHand : 'the guard',
    })),
  );
  if (json) print(JSON.stringify({count: all.length, held: all}, null, 2));
  else {
    print(`${all.length} held leave(s)`);
    if (all.length > 0) {
      const rows = all.map((one) => Object.values(one));
      for (const line of tableOf(['target', 'subject', 'held', 'event', 'reason'], rows)) print(line);
    }
  }
  return 0;
}
