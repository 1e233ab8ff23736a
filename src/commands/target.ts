import type {Pause} from '../core/pause.ts';
import {createPauses, type PauseStage} from '../stages/pauses/index.ts';
import type {Command, CommandContext, ExitCode} from './command.ts';
import {person} from './cut-off/person.ts';
import {actionOf} from './stored/action.ts';
import {reasonOf, reasonOption} from './stored/reason.ts';
import {withStored, type Stored} from './stored/open.ts';
import {timeOf} from './stored/table.ts';

const argument = {name: '<name>', describe: 'a target of the config', completes: 'targets'} as const;

/** `target pause`: nothing leaves for it any more, whatever happens, until it is resumed. */
export const targetPause: Command = {
  name: 'target pause',
  describe:
    'let nothing leave for a target, cut-offs neither, until it is resumed; its backlog waits in Kafka',
  arguments: [argument],
  options: [reasonOption],
  run: (context) => withTarget(context, (stored, pauses) => pause(context, stored, pauses)),
};

/** `target resume`: it goes on where it stood. */
export const targetResume: Command = {
  name: 'target resume',
  describe: 'let a paused target go on, leavers first',
  arguments: [argument],
  options: [reasonOption],
  run: (context) => withTarget(context, (stored, pauses) => resume(context, stored, pauses)),
};

async function pause(context: CommandContext, stored: Stored, pauses: PauseStage): Promise<ExitCode> {
  const {json, print, complain} = context;
  const {target} = stored;
  const found = await pauses.read();
  if (!found && !(await audited(context, stored, 'target paused'))) return 1;
  const {pause: paused, isNew} = found
    ? {pause: found, isNew: false}
    : await pauses.pause(person(), reasonOf(context).reason);
  if (json) print(JSON.stringify({target, paused: {...paused, at: timeOf(paused.at)}}, null, 2));
  else if (!isNew) print(`${target} is paused already: ${pauseText(paused)}`);
  else
    print(`${target} is paused: within two seconds nothing leaves for it any more; what is in flight ends`);
  complain(
    `leavers keep their access at ${target} until avro-scim target resume ${target}; ` +
      `one who must be out before that: avro-scim cut-off ID --target ${target}`,
  );
  return 0;
}

async function resume(context: CommandContext, stored: Stored, pauses: PauseStage): Promise<ExitCode> {
  const {json, print} = context;
  const {target} = stored;
  const before = await pauses.read();
  if (before && !(await audited(context, stored, 'target resumed'))) return 1;
  const over = before && (await pauses.resume());
  if (json) print(JSON.stringify({target, resumed: over !== undefined}, null, 2));
  else if (over) print(`${target} goes on within two seconds; it was paused ${pauseText(over)}`);
  else print(`${target} is not paused`);
  return 0;
}

/** Who has paused it, since when and why. */
export const pauseText = ({by, at, reason}: Pause): string =>
  `by ${by} since ${timeOf(at)}${reason === undefined ? '' : `: ${reason}`}`;

/** Before anything is done; false, and said, where it can not be written. */
async function audited(context: CommandContext, {target, audit}: Stored, did: string): Promise<boolean> {
  const action = actionOf(did, {target, ...reasonOf(context)});
  try {
    await audit.act([action]);
    return true;
  } catch (error) {
    context.complain(`the audit can not be written: ${(error as Error).message}; nothing was done`);
    return false;
  }
}

function withTarget(
  context: CommandContext,
  work: (stored: Stored, pauses: PauseStage) => Promise<ExitCode>,
): Promise<ExitCode> {
  const options = {...context.options, target: context.arguments};
  return withStored({...context, options}, ([stored]) => {
    if (!stored) throw new Error('a target that the config has is opened');
    return work(stored, createPauses(stored));
  });
}
