import type {LoadedConfig} from '../config/load.ts';
import {isKnown, type KnownSubject} from '../core/known-subject.ts';
import {standingOf, type Around, type Standing} from '../core/standing.ts';
import {createPauses} from '../stages/pauses/index.ts';
import {readSubject} from '../stages/state/subject.ts';
import {quietKafka} from './audit/choose.ts';
import {openConfigured} from './audit/source.ts';
import type {Command, CommandContext} from './command.ts';
import {actionOf} from './stored/action.ts';
import {timeOption} from './stored/confirm.ts';
import {targetOption, withStored, type Stored} from './stored/open.ts';
import {reasonOf, reasonOption} from './stored/reason.ts';
import {printable, timeOf} from './stored/table.ts';
import {readPast, type Past} from './subject/history.ts';
import {linesOf, masked, standingLines} from './subject/lines.ts';
import {timelineOf} from './subject/timeline.ts';
import {readLags} from './target/lag.ts';
import {readGates} from './target/service.ts';

/** `subject ID`: how one subject stands at each target, why, what comes next, and what was decided. */
export const subject: Command = {
  name: 'subject',
  describe: 'whether one subject has access at each target, since when, why, what happens next; and its past',
  arguments: [{name: '<id>', describe: 'the subject’s id: the Kafka key of its events'}],
  options: [
    targetOption,
    {flags: '--since <time>', describe: 'of its past only what was decided at or after this time (ISO 8601)'},
    {flags: '--limit <n>', describe: 'of its past at most so many decisions, the newest (50)'},
    {flags: '--reveal', describe: 'with --json: show bodies, headers and bytes as they are'},
    reasonOption,
  ],
  run: async (context) => {
    const [id = ''] = context.arguments;
    const {limit = '50', since} = context.options;
    const at = timeOption(since) ?? 0;
    if (Number.isNaN(at) || !/^\d+$/.test(String(limit))) {
      context.complain('subject: expected a time such as 2026-11-24T08:00:00Z, and a number after --limit');
      return 2;
    }
    if (context.options['reveal'] === true && !context.json) {
      context.complain(
        'subject: expected --json beside --reveal: only there bodies, headers and bytes are shown',
      );
      return 2;
    }
    return withStored(context, async (stores, loaded) => {
      const found = await lookAt(stores, loaded, id, context.signal);
      if (context.options['reveal'] === true) await noteShown(context, id, found);
      const targets = stores.map(({target}) => target);
      const opened = openConfigured(loaded.config, () => quietKafka(loaded));
      const past = await readPast(opened?.source, {
        ...{subject: id, targets, since: at, limit: Number(limit)},
      });
      opened?.close();
      print(context, id, found, past);
      if (found.some(({known}) => isKnown(known)) || past.records.length > 0) return 0;
      context.complain(`nothing is known of a subject ${id}: is that its id, the Kafka key of its events?`);
      return 1;
    });
  },
};

/** Before anything is shown: what can not be written down is not. */
async function noteShown(context: CommandContext, id: string, found: readonly Found[]): Promise<void> {
  for (const {stored, target, known} of found)
    if (isKnown(known))
      await stored.audit.act([
        actionOf('subject shown unmasked', {target, subject: id, ...reasonOf(context)}),
      ]);
}

interface Found {
  stored: Stored;
  target: string;
  known: KnownSubject;
  standing: Standing;
}

async function lookAt(
  stores: readonly Stored[],
  {config}: LoadedConfig,
  id: string,
  signal: AbortSignal,
): Promise<readonly Found[]> {
  const names = stores.map(({target}) => target);
  const [gates, lags] = await Promise.all([readGates(config.admin), readLags(config, names, signal)]);
  return Promise.all(
    stores.map(async (stored) => {
      const {target} = stored;
      const [known, paused] = await Promise.all([readSubject(stored, id), createPauses(stored).read()]);
      const {gate = 'open', detail = gate} = gates?.get(target) ?? {};
      const around: Around = {
        ...{target, now: Date.now(), paused, shut: gate === 'shut' ? detail : undefined},
        waiting: lags.ok ? lags.lags.get(target) : undefined,
        maxAgeMs: (config.targets[target]?.retry.maxAgeHours ?? 0) * hourMs,
      };
      return {stored, target, known, standing: standingOf(id, known, around)};
    }),
  );
}

const hourMs = 3_600_000;

function print(
  {json, print: write, options}: CommandContext,
  id: string,
  found: readonly Found[],
  past: Past,
): void {
  if (json) {
    const targets = found.map(({target, known, standing}) => ({
      target,
      standing: {...standing, ...(standing.since !== undefined && {since: timeOf(standing.since)})},
      ...masked(known, options['reveal'] === true),
    }));
    write(JSON.stringify({subject: id, targets, past}, null, 2));
    return;
  }
  // What others have written must not steer the terminal.
  const line = (text: string): void => write(printable(text));
  for (const {target, known, standing} of found)
    for (const text of standingLines(target, known.state?.kind === 'group', standing)) line(text);
  line('');
  for (const {target, known} of found) for (const text of linesOf({target, ...known})) line(text);
  line('');
  for (const text of timelineOf(past)) line(text);
}
