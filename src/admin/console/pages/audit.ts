import {refused, type Answer} from '../../api/problem.ts';
import {address, html, type Html} from '../html.ts';
import {notice, refusalNotice} from '../notice.ts';
import type {Decision, Decisions} from '../ports.ts';
import {table} from '../table.ts';
import {refusalView, type Page, type Seen} from '../view.ts';
import {timeAt} from '../words.ts';
import {filterForm, targetField} from './filter.ts';

const mostShown = 200;

/** What was decided and done: by whom, why, with what end. */
export const audit: Page = async (seen) => {
  const {target, subject, since} = seen.fields;
  const at = sinceOf(since);
  if (!at.ok) return refusalView('Audit', at.refusal);
  const choice = await targetField(seen);
  const found = await seen.own.decisions({target, subject, since: at.value, limit: mostShown});
  return {
    title: 'Audit',
    body: html`<h1>Audit</h1>
      ${filterForm('/audit', [
        choice,
        {name: 'subject', label: 'Subject', value: subject},
        {name: 'since', label: 'Since', value: since, hint: '2026-11-24T08:00Z'},
      ])}
      ${decisionTable(found.ok ? found.value : found, seen)}`,
  };
};

function sinceOf(text: string | undefined): Answer<number | undefined> {
  const at = text === undefined ? undefined : Date.parse(text);
  if (at === undefined || !Number.isNaN(at)) return {ok: true, value: at};
  const errors = [{at: 'since', message: 'expected a time such as 2026-11-24T08:00Z'}];
  return refused({kind: 'bad-request', detail: 'The filter is not as expected.', errors});
}

/** Decisions, a row each; or why they can not be had. */
export function decisionTable(found: Decisions | ReturnType<typeof refused>, {now}: Pick<Seen, 'now'>): Html {
  if ('ok' in found) return refusalNotice(found.refusal);
  return html`${found.note !== undefined && notice('warning', found.note)}
  ${table<Decision>({
    caption: 'The newest first',
    rows: found.items,
    none: 'Nothing is known.',
    columns: [
      {head: 'When', cell: ({at}) => timeAt(at, now)},
      {head: 'Target', cell: ({target}) => target},
      {
        head: 'Subject',
        cell: ({subject}) =>
          subject !== '' && html`<a href="${address('/subject', {id: subject})}">${subject}</a>`,
      },
      {head: 'Outcome', cell: ({outcome}) => outcome},
      {head: 'What', cell: ({what}) => what},
      {head: 'Event', cell: ({event}) => event ?? '–'},
    ],
  })}`;
}
