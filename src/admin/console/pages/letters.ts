import {letterFilterSchema, type LetterFilter} from '../../api/schema/letters.ts';
import type {LetterView} from '../../api/schema/parked.ts';
import {refused, type Answer} from '../../api/problem.ts';
import {actionLink} from '../actions/index.ts';
import {address, html, type Html} from '../html.ts';
import {table} from '../table.ts';
import {refusalView, viewOf, type Page, type Seen} from '../view.ts';
import {time} from '../words.ts';
import {filterForm, nextPage, pageSize, targetField} from './filter.ts';

/** Dead letters one by one, the oldest first. */
export const letters: Page = async (seen) => {
  const title = 'Dead letters, one by one';
  const {cursor, ...fields} = seen.fields;
  const filter = filterOf(fields);
  if (!filter.ok) return refusalView(title, filter.refusal);
  const {target, cause, subject} = filter.value;
  const choice = await targetField(seen);
  return viewOf(title, seen.api.letters.list(filter.value, {cursor, limit: pageSize}), ({items, next}) => {
    const about = {target, cause, subject};
    const isSome = items.length > 0;
    return html`<h1>${title}</h1>
      ${filterForm('/dead-letters/list', [
        choice,
        {name: 'cause', label: 'Cause', value: cause},
        {name: 'subject', label: 'Subject', value: subject},
      ])}
      ${isSome && html`<div class="actions">${actionLink(seen, 'retry-letters', about)} ${actionLink(seen, 'discard-letters', about)}</div>`}
      ${letterTable(items, seen)} ${nextPage('/dead-letters/list', fields, next)}`;
  });
};

function filterOf({target, cause, subject}: Seen['fields']): Answer<LetterFilter> {
  const found = letterFilterSchema.safeParse({target, cause, subject});
  if (found.success) return {ok: true, value: found.data};
  const errors = found.error.issues.map(({path, message}) => ({at: path.join('.'), message}));
  return refused({kind: 'bad-request', detail: 'The filter is not as expected.', errors});
}

/** The address of one letter. */
export const letterAddress = ({target, id}: Pick<LetterView, 'target' | 'id'>): string =>
  address('/dead-letters/letter', {target, id});

/** Letters, a row each. */
export const letterTable = (rows: readonly LetterView[], {now}: Pick<Seen, 'now'>): Html =>
  table({
    caption: 'Dead letters, the oldest first',
    rows,
    none: 'There is no dead letter like that.',
    columns: [
      {head: 'Letter', cell: (letter) => html`<a href="${letterAddress(letter)}">${letter.id}</a>`},
      {head: 'Target', cell: ({target}) => target},
      {
        head: 'Subject',
        cell: ({subject}) =>
          subject !== undefined && html`<a href="${address('/subject', {id: subject})}">${subject}</a>`,
      },
      {head: 'Kind', cell: ({kind}) => kindText(kind)},
      {head: 'Cause', cell: ({failure}) => failure.cause},
      {head: 'Died', cell: ({at}) => time(at, now)},
    ],
  });

const kinds: Readonly<Record<LetterView['kind'], string>> = {
  snapshot: 'change',
  cutOff: 'cut-off',
  delta: 'membership change',
  sync: 'memberships',
  undecodable: 'not decoded',
  member: 'one member',
  reference: 'manager',
};

/** What a letter or a parked change says, in words. */
export const kindText = (kind: LetterView['kind']): Html | string =>
  kind === 'cutOff' ? html`<span class="bad">${kinds[kind]}</span>` : kinds[kind];
