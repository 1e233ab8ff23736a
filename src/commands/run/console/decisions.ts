import type {ConsolePorts, Decision} from '../../../admin/console/ports.ts';
import type {LoadedConfig} from '../../../config/load.ts';
import {bounds} from '../api/audit.ts';
import {openConfigured} from '../../audit/source.ts';
import {quietKafka} from '../../audit/choose.ts';
import {readPast, type PastRecord} from '../../subject/history.ts';
import {placeOf, whatOf} from '../../subject/timeline.ts';

/** What was decided, from the audit's topic or file, the newest first. */
export function decisionPort(loaded: () => LoadedConfig): ConsolePorts['decisions'] {
  return async ({subject, target, since = 0, limit}) => {
    const {config} = loaded();
    const targets = target === undefined ? Object.keys(config.targets) : [target];
    const opened = openConfigured(config, () => quietKafka(loaded()));
    const {records, older, note} = await readPast(opened?.source, {
      subject,
      targets,
      since,
      limit,
      bounds,
    }).finally(() => opened?.close());
    const told = note ?? (older > 0 ? `${older} older decisions are not shown.` : undefined);
    return {
      ok: true,
      value: {items: records.map(decisionOf).reverse(), ...(told !== undefined && {note: told})},
    };
  };
}

function decisionOf(record: PastRecord): Decision {
  const {at, target = '', subject = '', outcome = 'action'} = record;
  const event = placeOf(record);
  return {at, target, subject, outcome, what: whatOf(record), ...(event !== '' && {event})};
}
