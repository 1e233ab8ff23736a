import type {AuditRecord} from '../core/audit.ts';
import {byHand} from '../core/hand.ts';
import type {LoadedConfig} from '../config/load.ts';
import {readSubject} from '../stages/state/subject.ts';
import type {Command, CommandContext, ExitCode} from './command.ts';
import {aimAt, markAll, record, refusal, type Aim} from './cut-off/aim.ts';
import {exitCodeOf, linesOf, outcomeOf} from './cut-off/outcome.ts';
import {person} from './cut-off/person.ts';
import {carryOut} from './cut-off/worker.ts';
import {handAction} from './stored/action.ts';
import {reasonOf, reasonOption} from './stored/reason.ts';
import {ask} from './stored/confirm.ts';
import {targetOption, withStored, type Stored} from './stored/open.ts';
import {tableOf, timeOf} from './stored/table.ts';

/** `cut-off`: ends somebody's access now, without an event, and keeps it ended until it is lifted. */
export const cutOff: Command = {
  name: 'cut-off',
  describe:
    'end a person’s access now, without an event, until it is lifted; without an id: who is cut off so',
  arguments: [{name: '[id]', describe: 'the subject’s id: the Kafka key of its events'}],
  options: [
    targetOption,
    reasonOption,
    {flags: '--lift', describe: 'let the person in again: what was held goes on'},
    {flags: '--yes', describe: 'do not ask'},
  ],
  run: (context) => {
    const [subject] = context.arguments;
    const {lift} = context.options;
    if (subject === '' || (subject === undefined && lift === true)) {
      context.complain('cut-off: expected the id of a subject');
      return Promise.resolve(2);
    }
    return withStored(context, (stores, loaded) => {
      if (subject === undefined) return list(context, stores);
      return lift === true ? liftAll(context, stores, subject) : cutOffAll(context, stores, loaded, subject);
    });
  },
};

async function list({json, print}: CommandContext, stores: readonly Stored[]): Promise<ExitCode> {
  const found = await Promise.all(
    stores.map(async ({target, hands}) =>
      (await hands.list()).map(({subject, mark}) => ({target, subject, ...mark, at: timeOf(mark.at)})),
    ),
  );
  const all = found.flat();
  if (json) print(JSON.stringify({count: all.length, cutOff: all}, null, 2));
  else {
    print(`${all.length} cut off by hand`);
    const rows = all.map(({target, subject, at, by, reason = ''}) => [target, subject, at, by, reason]);
    if (rows.length > 0)
      for (const line of tableOf(['target', 'subject', 'since', 'by', 'reason'], rows)) print(line);
  }
  return 0;
}

async function cutOffAll(
  context: CommandContext,
  stores: readonly Stored[],
  loaded: LoadedConfig,
  subject: string,
): Promise<ExitCode> {
  const aims = await Promise.all(stores.map((stored) => aimAt(stored, loaded, subject)));
  if (!context.json) for (const aim of aims) context.print(aimLine(aim));
  const count = aims.filter((aim) => refusal(aim) === undefined).length;
  if (count > 0 && !(await ask(context, `cut ${subject} off at ${count} target(s)`))) return 2;
  const mark = {by: person(), at: Date.now(), ...reasonOf(context)};
  const asked = aims
    .filter((aim) => refusal(aim) === undefined)
    .map(({stored}) => record(stored, subject, mark, {outcome: 'parked', reason: byHand}));
  if (!(await audited(context, stores, asked))) return 1;
  const refusals = await markAll(aims, subject, mark);
  const outcomes = await Promise.all(
    aims.map(
      async ({stored}) =>
        refusals.get(stored) ?? outcomeOf(stored.target, await carryOut(context, stored, loaded, subject)),
    ),
  );
  if (context.json) context.print(JSON.stringify({subject, ...mark, targets: outcomes}, null, 2));
  else for (const line of outcomes.flatMap(linesOf)) context.print(line);
  return exitCodeOf(outcomes);
}

/** Before anything is done: what can not be proved later is not begun. */
async function audited(
  {complain}: CommandContext,
  [first]: readonly Stored[],
  records: readonly AuditRecord[],
): Promise<boolean> {
  try {
    await first?.audit.append(records);
    await first?.audit.act(records.map(handAction));
    return true;
  } catch (error) {
    complain(`the audit can not be written: ${(error as Error).message}; nothing was done`);
    return false;
  }
}

function aimLine(aim: Aim): string {
  const {
    stored: {target},
    known: {state, mark},
    mode,
    isLookedFor,
  } = aim;
  const refused = refusal(aim);
  if (refused) return `${target}: nothing is done: ${refused.reason ?? ''}`;
  const since = mark === undefined ? '' : `; ${byHand} since ${timeOf(mark.at)} by ${mark.by}`;
  const search = isLookedFor ? 'it is looked for by externalId' : 'none is looked for';
  if (state?.remoteId === undefined) return `${target}: no account is known: ${search}${since}`;
  const is = state.active ? 'active' : 'not active';
  return `${target}: account ${state.remoteId}, ${is}: it is ${mode}${since}`;
}

async function liftAll(
  context: CommandContext,
  stores: readonly Stored[],
  subject: string,
): Promise<ExitCode> {
  const results: {target: string; result: string}[] = [];
  for (const stored of stores) {
    if ((await stored.hands.read(subject)) === undefined) continue;
    const {held} = await readSubject(stored, subject);
    const more = {outcome: 'applied', did: 'cut-off by hand lifted'} as const;
    const lift = record(stored, subject, {by: person(), at: Date.now(), ...reasonOf(context)}, more);
    if (!(await audited(context, stores, [lift]))) return 1;
    const lifted = await stored.hands.lift(subject, stored.lanes);
    const {cutOffBegunAt} = await readSubject(stored, subject);
    const first =
      cutOffBegunAt === undefined ? 'lifted' : 'lifted: the cut-off that was begun is finished first';
    const next = held?.isBarred
      ? `${held.id} goes on`
      : 'nothing is held: the account stays so until the next event';
    results.push({target: stored.target, result: lifted ? `${first}; ${next}` : 'gone'});
  }
  if (context.json) context.print(JSON.stringify({subject, results}, null, 2));
  else for (const {target, result} of results) context.print(`${target}: ${result}`);
  if (results.length === 0) context.complain(`${subject} is not ${byHand}`);
  return results.length === 0 ? 1 : 0;
}
