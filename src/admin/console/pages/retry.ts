import type {GroupProgress} from '../../api/schema/groups.ts';
import {leftOf} from '../actions/groups.ts';
import {actionLink} from '../actions/index.ts';
import {address, html, type Html} from '../html.ts';
import {facts, table} from '../table.ts';
import {viewOf, type Page, type Seen} from '../view.ts';
import {countText, numberText, time} from '../words.ts';
import {letterAddress} from './letters.ts';

const titles: Readonly<Record<GroupProgress['state'], string>> = {
  running: 'A retry runs',
  done: 'The last retry is done',
  stopped: 'The last retry was stopped',
};

const itemsAddress = ({target, group}: GroupProgress, after?: string): string =>
  address('/dead-letters/retry', {target, group, after});

/** How far the retry of a group has come, with what a person may do about it. */
export function progressFacts(done: GroupProgress, seen: Seen): Html {
  const {target, group, state, total, retried, superseded, gone, refused, by, reason} = done;
  const left = leftOf(done);
  return html`<section class="card">
    <h2>${titles[state]}</h2>
    <p>
      <progress
        max="${Math.max(1, total)}"
        value="${total - left}"
        aria-label="Letters dealt with"
      ></progress>
    </p>
    ${facts([
      ['Retried', `${numberText(retried)} of ${numberText(total)}`],
      ['Overtaken, closed', superseded > 0 && numberText(superseded)],
      ['Gone meanwhile', gone > 0 && numberText(gone)],
      ['Refused, kept', refused > 0 && numberText(refused)],
      ['Not tried', left > 0 && numberText(left)],
      ['Begun', html`${time(done.startedAt, seen.now)} by ${by}${reason !== undefined && `: ${reason}`}`],
      ['Ended', done.endedAt !== undefined && time(done.endedAt, seen.now)],
    ])}
    <div class="actions">
      ${state === 'running' && actionLink(seen, 'stop-retry', {target, group})}
      <a class="button" href="${itemsAddress(done)}">Letter by letter</a>
    </div>
    <p class="muted">
      What fails again is a new dead
      letter.${state === 'stopped' && left > 0 && ' What was not tried stays a dead letter: retry them to go on.'}
    </p>
  </section>`;
}

const title = 'A retry, letter by letter';

/** What became of each letter of the last retry of a group. */
export const retry: Page = (seen) => {
  const {target = '', group = '', after} = seen.fields;
  if (after !== undefined && !/^\d{1,20}-\d{1,20}$/.test(after))
    return viewOf(title, Promise.resolve(badAfter), () => html``);
  return viewOf(title, seen.api.groups.progress({target, group}, after), (done) => {
    const {items} = done;
    return html`<h1>${title}</h1>
      <p>
        <a href="${address('/dead-letters/cause', {target, group})}"
          >${countText(done.total, 'letter')} at ${target}</a
        >, ${numberText(done.total - leftOf(done))} dealt with so far; of very many the last ten thousand are
        kept.
      </p>
      ${table({
        caption: 'In the order they were tried',
        rows: items,
        none: 'No more than that yet.',
        columns: [
          {
            head: 'Letter',
            cell: ({id, result}) =>
              result === 'refused' ? html`<a href="${letterAddress({target, id})}">${id}</a>` : id,
          },
          {
            head: 'Result',
            cell: ({result, reason}) => `${result}${reason === undefined ? '' : `: ${reason}`}`,
          },
        ],
      })}
      ${items.length > 0 && html`<nav aria-label="More"><a class="button" href="${itemsAddress(done, done.after)}">Those after these</a></nav>`}`;
  });
};

const badAfter = {
  ok: false,
  refusal: {
    kind: 'bad-request',
    detail: 'The place is none that this list has given.',
    errors: [{at: 'after', message: 'expected the link of the page before'}],
  },
} as const;
