import {actionLink} from '../actions/index.ts';
import type {HoldView} from '../../api/schema/lanes.ts';
import {address, html, type Html, type Part} from '../html.ts';
import {table} from '../table.ts';
import {may, viewOf, type Page, type Seen} from '../view.ts';
import {time} from '../words.ts';
import {filterForm, nextPage, pageSize, targetField} from './filter.ts';

/** What waits for a person. */
export const holds: Page = async (seen) => {
  const {cursor, ...fields} = seen.fields;
  const {target} = fields;
  const choice = await targetField(seen);
  const filter = target === undefined ? {} : {target};
  return viewOf(
    'Holds',
    seen.api.holds.list(filter, {cursor, limit: pageSize}),
    ({items, next}) =>
      html`<h1>Holds</h1>
        <p>
          Leaves that the guard holds because there are too many at once, and news of people who are cut off
          by hand.
        </p>
        ${filterForm('/holds', [choice])}
        ${items.length > 0 && html`<div class="actions">${actionLink(seen, 'approve-holds', {target})} ${actionLink(seen, 'discard-holds', {target})}</div>`}
        ${holdTable(items, seen)} ${nextPage('/holds', fields, next)}`,
  );
};

const holdTable = (rows: readonly HoldView[], seen: Seen): Html =>
  table({
    caption: 'The oldest first',
    rows,
    none: 'Nothing is held.',
    columns: [
      {
        head: 'Subject',
        cell: ({subject}) => html`<a href="${address('/subject', {id: subject})}">${subject}</a>`,
      },
      {head: 'Target', cell: ({target}) => target},
      {head: 'Held by', cell: ({by}) => by},
      {head: 'Since', cell: ({heldAt}) => time(heldAt, seen.now)},
      {head: 'Event of', cell: ({entry}) => time(entry.position.occurredAt, seen.now)},
      ...(may(seen, 'approver') ? [{head: 'Decide', cell: (hold: HoldView) => decide(hold, seen)}] : []),
    ],
  });

/** What a cut-off by hand bars is lifted at the subject's page. */
function decide({target, subject, by}: HoldView, seen: Seen): Part {
  const about = {target, subject};
  return (
    by === 'guard' && [
      actionLink(seen, 'approve-hold', about, subject),
      ' ',
      actionLink(seen, 'discard-hold', about, subject),
    ]
  );
}
