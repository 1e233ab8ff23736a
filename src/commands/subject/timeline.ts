import {receiptText} from '../../core/receipt.ts';
import {tableOf, timeOf} from '../stored/table.ts';
import type {Past, PastRecord} from './history.ts';

/** What was decided, a line each, the oldest first. */
export function timelineOf({records, older, note}: Past): string[] {
  const rows = records.map((record) => [
    timeOf(record.at),
    record.target ?? '',
    record.outcome ?? 'action',
    placeOf(record),
    whatOf(record),
  ]);
  return [
    ...(note === undefined ? [] : [note]),
    ...(older === 0 ? [] : [`${older} older decision(s) are not shown: --limit`]),
    ...(rows.length === 0 ? [] : tableOf(['time', 'target', 'outcome', 'event', 'what'], rows)),
  ];
}

/** Topic, partition and offset of the event behind a decision; empty where there is none. */
export const placeOf = ({topic, partition, offset}: PastRecord): string =>
  topic === undefined ? '' : `${topic}/${partition ?? '?'}/${offset ?? '?'}`;

/** A decision in words, in the order of what an operator asks: what was done, why, what was proved, who said so. */
export function whatOf(record: PastRecord): string {
  const {did, action, about, reason, failure, attributes, receipt, actor, eventReason} = record;
  const parts = [
    did ?? action,
    about && aboutText(about),
    reason,
    failure && `${failure.cause}, ${failure.message}`,
    attributes && attributes.length > 0 ? attributes.map(lastOf).join(' ') : undefined,
    receipt && receiptText(receipt),
    record.shortened && `shortened: ${record.shortened.fields.join(', ')}`,
    actor && `by ${actor.id}${eventReason === undefined ? '' : ` (${eventReason})`}`,
  ];
  return parts.filter((part) => part !== undefined).join('; ');
}

/** What it was done to, beside the subject: `letter identity.events/0/1`. */
const aboutText = (about: NonNullable<PastRecord['about']>): string =>
  Object.entries(about)
    .map(([what, which]) => `${what} ${which}`)
    .join(', ');

/** Of a schema's attribute (RFC 7643, section 3.3) its own name. */
const lastOf = (name: string): string => name.slice(name.lastIndexOf(':') + 1);
