import {outcomes} from '../../../core/change.ts';
import {receiptText} from '../../../core/receipt.ts';
import {refused, type Answer} from '../../api/problem.ts';
import {auditFilterSchema, type AuditFilter, type AuditPage, type AuditView} from '../../api/schema/audit.ts';
import {address, html, type Html} from '../html.ts';
import {notice, refusalNotice} from '../notice.ts';
import {table} from '../table.ts';
import {refusalView, type Page, type Seen} from '../view.ts';
import {time} from '../words.ts';
import {filterForm, nextPage, pageSize, targetField} from './filter.ts';

/** What was decided and done: by whom, why, with what end. */
export const audit: Page = async (seen) => {
  const {cursor, ...fields} = seen.fields;
  const {subject, since, until, outcome} = fields;
  const filter = filterOf(fields);
  if (!filter.ok) return refusalView('Audit', filter.refusal);
  const choice = await targetField(seen);
  const found = await seen.api.audit(filter.value, {cursor, limit: pageSize}, {});
  if (!found.ok && found.refusal.kind === 'bad-request') return refusalView('Audit', found.refusal);
  return {
    title: 'Audit',
    body: html`<h1>Audit</h1>
      ${filterForm('/audit', [
        choice,
        {name: 'subject', label: 'Subject', value: subject},
        {name: 'outcome', label: 'Outcome', value: outcome, choices: [...outcomes, 'action']},
        {name: 'since', label: 'Since', value: since, hint: '2026-11-24T08:00Z'},
        {name: 'until', label: 'Until', value: until, hint: '2026-11-24T08:00Z'},
      ])}
      ${decisionTable(found, seen)} ${found.ok && nextPage('/audit', fields, found.value.next)}`,
  };
};

const badFilter = (errors: readonly {at: string; message: string}[]) =>
  refused({kind: 'bad-request', detail: 'The filter is not as expected.', errors});

function filterOf({target, subject, since, until, outcome}: Seen['fields']): Answer<AuditFilter> {
  const times = {since, until};
  const wrong = Object.entries(times).filter(
    ([, text]) => text !== undefined && Number.isNaN(Date.parse(text)),
  );
  if (wrong.length > 0)
    return badFilter(wrong.map(([at]) => ({at, message: 'expected a time such as 2026-11-24T08:00Z'})));
  const isoOf = (text: string | undefined) => (text === undefined ? undefined : new Date(text).toISOString());
  const found = auditFilterSchema.safeParse({
    target,
    subject,
    outcome,
    since: isoOf(since),
    until: isoOf(until),
  });
  if (found.success) return {ok: true, value: found.data};
  return badFilter(found.error.issues.map(({path, message}) => ({at: path.join('.'), message})));
}

/** Decisions, a row each; or why they can not be had. */
export function decisionTable(found: Answer<AuditPage>, {now}: Pick<Seen, 'now'>): Html {
  if (!found.ok) return refusalNotice(found.refusal);
  const {items, stopped, readFrom} = found.value;
  return html`${stopped !== undefined && notice('warning', `Not all was read: ${stopped} avro-scim audit search reads all of it.`)}
  ${table<AuditView>({
    caption: 'The newest first',
    rows: items,
    none: 'There is no record of it.',
    columns: [
      {head: 'When', cell: ({at}) => time(at, now)},
      {head: 'Target', cell: ({target}) => target},
      {
        head: 'Subject',
        cell: ({subject}) =>
          subject !== undefined &&
          subject !== '' &&
          html`<a href="${address('/subject', {id: subject})}">${subject}</a>`,
      },
      {head: 'Outcome', cell: ({outcome, action}) => outcome ?? (action === undefined ? '–' : 'action')},
      {head: 'What', cell: whatOf},
      {head: 'Event', cell: placeOf},
    ],
  })}
  ${readFrom === 'file' && html`<p class="muted">From <code>audit.file</code> of this process: what other replicas have written is not here.</p>`}`;
}

const placeOf = ({topic, partition, offset}: AuditView): string =>
  topic === undefined ? '–' : `${topic}/${partition ?? '?'}/${offset ?? '?'}`;

/** In the order of what an operator asks: what was done, why, what was proved, who said so. */
function whatOf(record: AuditView): Html {
  const {did, action, about, reason, failure, attributes, receipt, actor, eventReason, shortened, isWhole} =
    record;
  const parts = [
    did ?? action,
    about &&
      Object.entries(about)
        .map(([what, which]) => `${what} ${which}`)
        .join(', '),
    reason,
    failure && `${failure.cause}, ${failure.message}`,
    attributes &&
      attributes.length > 0 &&
      attributes.map((name) => name.slice(name.lastIndexOf(':') + 1)).join(' '),
    receipt && receiptText(receipt),
    actor && `by ${actor.id}${eventReason === undefined ? '' : ` (${eventReason})`}`,
    shortened && `shortened: ${shortened.fields.join(', ')}`,
  ];
  const said = parts.filter((part) => part !== undefined && part !== false && part !== '').join('; ');
  return html`${isWhole === false && html`<span class="bad">not as it was written</span> `}${said}`;
}
