import {outcomes} from '../core/change.ts';
import type {LoadedConfig} from '../config/load.ts';
import {searchAudit, type AuditFilter, type FoundRecord} from '../stages/audit/index.ts';
import {placeText} from './audit/told.ts';
import {chooseSource, readingFailed, sourceOptions} from './audit/choose.ts';
import type {Command, CommandContext, ExitCode} from './command.ts';
import {whatOf} from './subject/timeline.ts';
import {timeOption} from './stored/confirm.ts';
import {tableOf, timeOf} from './stored/table.ts';

export {auditVerify} from './audit/verify.ts';

const kinds: readonly string[] = [...outcomes, 'action'];

/** `audit search`: what was decided and done, the oldest first. */
export const auditSearch: Command = {
  name: 'audit search',
  describe: 'find audit records: decisions, and what people did; the oldest first',
  options: [
    {flags: '--subject <id>', describe: 'about this subject'},
    {flags: '--target <name>', describe: 'at this target', completes: 'targets'},
    {flags: '--since <time>', describe: 'made at or after this time (ISO 8601)'},
    {flags: '--until <time>', describe: 'made at or before this time (ISO 8601)'},
    {flags: '--outcome <outcome>', describe: 'of this outcome; action: what people did', completes: kinds},
    {flags: '--limit <n>', describe: 'of these the newest so many (100)'},
    ...sourceOptions,
  ],
  async run(context) {
    const filter = filterOf(context);
    if (filter === undefined) return 2;
    const needsConfig = context.options['file'] === undefined;
    const loaded = needsConfig ? await context.load() : undefined;
    if (needsConfig && loaded === undefined) return 2;
    return search(context, loaded, filter);
  },
};

async function search(
  context: CommandContext,
  loaded: LoadedConfig | undefined,
  filter: AuditFilter,
): Promise<ExitCode> {
  const opened = chooseSource(context, loaded);
  if (opened === undefined) return 2;
  try {
    const bounds = {signal: context.signal};
    const {records, total, stopped} = await searchAudit(opened.source, {...filter, bounds});
    const count = records.length;
    const told = {count, ...(total > count && {total}), ...(stopped !== undefined && {stopped}), records};
    if (context.json) context.print(JSON.stringify(told, null, 2));
    else for (const line of linesOf(records)) context.print(line);
    if (total > count) context.complain(`audit search: ${total - count} older record(s) match too: --limit`);
    if (stopped === undefined) return 0;
    context.complain(`audit search: ${stopped}`);
    return 1;
  } catch (error) {
    return readingFailed(context, error);
  } finally {
    opened.close();
  }
}

function filterOf({options, complain}: CommandContext): AuditFilter | undefined {
  const {subject, target, since, until, outcome, limit} = options;
  const [sinceMs, untilMs] = [timeOption(since), timeOption(until)];
  const text = (value: typeof subject): string | undefined => (typeof value === 'string' ? value : undefined);
  const kind = text(outcome);
  if (Number.isNaN(sinceMs) || Number.isNaN(untilMs))
    complain('audit search: expected a time such as 2026-11-24T08:00:00Z');
  else if (kind !== undefined && !kinds.includes(kind))
    complain(`audit search: expected one of ${kinds.join(', ')} after --outcome, found ${kind}`);
  else if (limit !== undefined && !/^([1-9]\d{0,4}|100000)$/.test(String(limit)))
    complain('audit search: expected a number up to 100000 after --limit');
  else
    return {
      ...{subject: text(subject), target: text(target), sinceMs, untilMs, outcome: kind},
      limit: Number(limit ?? 100),
    };
  return undefined;
}

function linesOf(found: readonly FoundRecord[]): string[] {
  if (found.length === 0) return ['no records'];
  const rows = found.map(({record, place, isWhole}) => [
    timeOf(record.at),
    record.target ?? '',
    record.subject ?? '',
    record.outcome ?? 'action',
    whatOf(record),
    isWhole === false ? `${placeText(place)} EDITED` : placeText(place),
  ]);
  return tableOf(['at', 'target', 'subject', 'outcome', 'what', 'where'], rows);
}
