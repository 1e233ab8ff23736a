import {address, html} from '../html.ts';
import {table} from '../table.ts';
import {viewOf, type Page} from '../view.ts';
import {numberText, time} from '../words.ts';
import {filterForm, nextPage, pageSize, targetField} from './filter.ts';
import {kindText} from './letters.ts';

/** Who waits for what to be tried again. */
export const lanes: Page = async (seen) => {
  const {cursor, ...fields} = seen.fields;
  const {target} = fields;
  const choice = await targetField(seen);
  return viewOf(
    'Lanes',
    seen.api.lanes({target}, {cursor, limit: pageSize}),
    ({items, next}) =>
      html`<h1>Lanes</h1>
        <p>
          Changes that failed for a passing reason. They are tried again by themselves, in their subject’s
          order.
        </p>
        ${filterForm('/lanes', [choice])}
        ${table({
          caption: 'The longest failing first',
          rows: items,
          none: 'Nothing is parked.',
          columns: [
            {
              head: 'Subject',
              cell: ({subject}) => html`<a href="${address('/subject', {id: subject})}">${subject}</a>`,
            },
            {head: 'Target', cell: (lane) => lane.target},
            {head: 'First', cell: ({head}) => kindText(head.kind)},
            {
              head: 'Why',
              cell: ({head: {failure}}) => (failure ? `${failure.cause}, ${failure.message}` : '–'),
            },
            {head: 'Failing since', cell: ({failingSince}) => time(failingSince, seen.now)},
            {head: 'Tried again', cell: ({dueAt}) => time(dueAt, seen.now)},
            {head: 'Changes', cell: ({length}) => numberText(length), isNumber: true},
          ],
        })}
        ${nextPage('/lanes', fields, next)}`,
  );
};
