import type {LetterView} from '../../api/schema/parked.ts';
import type {Answer} from '../../api/problem.ts';
import {actionLink} from '../actions/index.ts';
import {address, html, type Html, type Part} from '../html.ts';
import {notice} from '../notice.ts';
import type {Outlook} from '../ports.ts';
import {facts} from '../table.ts';
import {may, viewOf, type Page, type Seen} from '../view.ts';
import {prose, time} from '../words.ts';
import {kindText} from './letters.ts';
import {showForm} from './show.ts';

/** One dead letter, what is personal masked. */
export const letter: Page = (seen) => letterPage(seen, false);

/** The same with what is personal, for who may see it and says why. */
export const letterShown: Page = (seen) => letterPage(seen, true);

async function letterPage(seen: Seen, isShown: boolean): ReturnType<Page> {
  const {target = '', id = '', reason} = seen.fields;
  const showing = isShown ? {reveal: {by: seen.who, reason}} : {};
  const found = await seen.api.letters.read({target, id}, showing);
  const outlook = await seen.own.outlook({target, id});
  return viewOf(`Dead letter ${id}`, Promise.resolve(found), (one) => show(one, outlook, seen, isShown));
}

function show(one: LetterView, outlook: Answer<Outlook> | undefined, seen: Seen, isShown: boolean): Html {
  const {target, id, failure, record} = one;
  return html`<h1>Dead letter ${id}</h1>
    ${one.kind === 'cutOff' && notice('alert', 'It is a leaver’s cut-off: who is meant may still have access.')}
    ${outlook?.ok && outlookFacts(outlook.value)}
    <div class="actions">
      ${actionLink(seen, 'retry-letter', {target, id})} ${actionLink(seen, 'discard-letter', {target, id})}
    </div>
    <h2>Why</h2>
    ${whyFacts(one, seen.now)}
    <h2>What</h2>
    ${facts([
      ['Target', html`<a href="${address('/target', {name: target})}">${target}</a>`],
      [
        'Subject',
        one.subject !== undefined &&
          html`<a href="${address('/subject', {id: one.subject})}">${one.subject}</a>`,
      ],
      ['Kind', kindText(one.kind)],
      ['Member', one.member && `${one.member.add ? 'in' : 'out'}: ${one.member.subject}`],
      ['Manager', one.managerId],
      ['Event of', time(one.position.occurredAt, seen.now)],
      [
        'Record',
        record && `${record.topic}/${record.partition}/${record.offset}, key ${record.key ?? 'none'}`,
      ],
      ['Headers', record && json(record.headers)],
      ['Bytes', record?.value ?? undefined],
    ])}
    ${failure.exchange && exchange(failure.exchange)}
    ${!isShown && may(seen, 'operator') && showForm('/dead-letters/letter/show', {target, id}, seen.csrf)}`;
}

const whyFacts = ({target, group, failure, attempts, firstAt, at}: LetterView, now: number): Html =>
  facts([
    [
      'Cause',
      group === undefined
        ? failure.cause
        : html`<a href="${address('/dead-letters/cause', {target, group: group})}">${failure.cause}</a>`,
    ],
    ['It failed with', failure.message],
    ['Status', failure.status],
    ['Failure', failure.kind],
    ['Attempts', attempts],
    ['First tried', time(firstAt, now)],
    ['Died', time(at, now)],
  ]);

const outlookFacts = ({advice, does, reason}: Outlook): Html =>
  facts([
    ['What usually fixes it', prose(advice)],
    ['Tried again now', `it would be ${does}${reason === undefined ? '' : `: ${reason}`}`],
  ]);

const exchange = ({
  method,
  url,
  requestBody,
  answerBody,
}: NonNullable<LetterView['failure']['exchange']>): Html =>
  html`<h2>The last request</h2>
    <pre>${method} ${url}</pre>
    ${requestBody !== undefined && [html`<h3>Its body</h3>`, json(requestBody)]}
    ${answerBody !== undefined && [html`<h3>The answer</h3>`, json(answerBody)]}`;

const json = (value: unknown): Part =>
  html`<pre>${typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</pre>`;
