import {actionLink} from '../actions/index.ts';
import {foreseen} from '../actions/groups.ts';
import {progressFacts} from './retry.ts';
import {address, html, type Html} from '../html.ts';
import {notice} from '../notice.ts';
import type {GroupView} from '../../api/schema/groups.ts';
import {facts, table} from '../table.ts';
import {trendBars} from '../trend.ts';
import {viewOf, type Page, type Seen} from '../view.ts';
import {countText, numberText, prose, time} from '../words.ts';
import {filterForm, nextPage, pageSize, targetField} from './filter.ts';

/** Dead letters by cause: is it one, or many? */
export const causes: Page = async (seen) => {
  const {target, cursor} = seen.fields;
  const choice = await targetField(seen);
  const asked = seen.api.groups.list({target}, {cursor, limit: pageSize});
  return viewOf(
    'Dead letters',
    asked,
    ({items, next, causes, letters}) =>
      html`<h1>Dead letters</h1>
        ${filterForm('/dead-letters', [choice])}
        <p>
          ${countText(letters, 'dead letter')} of ${countText(causes, 'cause')}.
          <a href="${address('/dead-letters/list', {target})}">List them one by one</a>
        </p>
        ${groupTable(items, seen)} ${nextPage('/dead-letters', {target}, next)}`,
  );
};

const causeAddress = ({target, id}: GroupView): string => address('/dead-letters/cause', {target, group: id});

/** What a cause is, in the target's words where it says more. */
const causeText = ({cause, says, message}: GroupView): string =>
  [cause, says ?? message].filter(Boolean).join(': ');

const groupTable = (rows: readonly GroupView[], {now}: Seen): Html =>
  table({
    caption: 'By cause, leavers first',
    rows,
    none: 'There are no dead letters.',
    columns: [
      {head: 'Cause', cell: (group) => html`<a href="${causeAddress(group)}">${causeText(group)}</a>`},
      {head: 'Target', cell: ({target}) => target},
      {
        head: 'Letters',
        cell: ({count, isCutOff}) =>
          html`${numberText(count)}${isCutOff && html` <span class="bad">leavers</span>`}`,
        isNumber: true,
      },
      {head: 'Since', cell: ({firstAt}) => time(firstAt, now)},
      {head: 'Last', cell: ({lastAt}) => time(lastAt, now)},
      {head: '24 hours', cell: ({trend}) => trendBars(trend)},
      {head: 'What usually fixes it', cell: ({advice}) => prose(advice)},
    ],
  });

/** One cause: its letters, what a retry would do, and how far one has come. */
export const cause: Page = async (seen) => {
  const {target = '', group = ''} = seen.fields;
  const name = {target, group};
  const progress = await seen.api.groups.progress(name);
  const found = await seen.api.groups.preview(name);
  const done = progress.ok ? progress.value : undefined;
  // A retry that has taken the last letter has taken the group.
  if (done && !found.ok && found.refusal.kind === 'unknown')
    return {
      title: 'Dead letters of one cause',
      isLive: true,
      body: html`<h1>Dead letters of one cause</h1>
        ${progressFacts(done, seen)}
        <p>
          No dead letter of this cause is left.
          <a href="${address('/dead-letters', {target})}">To the other causes</a>
        </p>`,
    };
  const view = await viewOf('Dead letters of one cause', Promise.resolve(found), (preview) => {
    const of = preview.group;
    return html`<h1>${countText(of.count, 'dead letter')} of one cause</h1>
      ${of.isCutOff && notice('alert', 'They are leavers’: who is meant may still have access.')}
      ${done && progressFacts(done, seen)} ${groupFacts(of, seen.now)}
      <div class="actions">
        ${done?.state !== 'running' && actionLink(seen, 'retry-cause', {target, group})}
        ${actionLink(seen, 'discard-letters', {target, cause: group})}
        <a class="button" href="${address('/dead-letters/list', {target, cause: group})}">List them</a>
      </div>
      <h2>What a retry would do</h2>
      ${foreseen(preview)}`;
  });
  return {...view, isLive: done?.state === 'running'};
};

const groupFacts = (group: GroupView, now: number): Html =>
  facts([
    ['Target', html`<a href="${address('/target', {name: group.target})}">${group.target}</a>`],
    ['Cause', group.cause],
    ['It failed with', group.message],
    ['The target says', group.says],
    ['What usually fixes it', prose(group.advice)],
    ['First died', time(group.firstAt, now)],
    ['Last died', time(group.lastAt, now)],
    [
      'In the last 24 hours',
      html`${numberText(group.trend.reduce((sum, count) => sum + count, 0))} ${trendBars(group.trend)}`,
    ],
    [
      'An example',
      html`<a href="${address('/dead-letters/letter', {target: group.target, id: group.example})}"
        >${group.example}</a
      >`,
    ],
  ]);
