import type {Asked} from '../../api/ports.ts';
import {refused, type Answer} from '../../api/problem.ts';
import {mostAtOnce} from '../../api/schema/letters.ts';
import {address, html} from '../html.ts';
import {countText} from '../words.ts';
import {anotherNow, answered, deedOf, type About, type Action, type Look} from './action.ts';

const verbs = {
  retry: {title: 'Retry', told: 'They go back into their subjects’ order and are told to the target again.'},
  discard: {title: 'Discard', told: 'What they say never reaches the target. This can not be undone.'},
} as const;
type Verb = keyof typeof verbs;

const nameOf = ({target = '', id = ''}: About) => ({target, id});

/** One dead letter. */
const oneLetter = (verb: Verb): Action => ({
  role: 'operator',
  title: verbs[verb].title,
  isDangerous: verb === 'discard',
  needs: ['target', 'id'],
  async look({api}, about) {
    const found = await api.letters.read(nameOf(about), {});
    if (!found.ok) return found;
    const {id, target, subject, failure} = found.value;
    const whose = subject === undefined ? id : `of ${subject}`;
    return answered({
      question: `${verbs[verb].title} 1 dead letter ${whose} at ${target}?`,
      details: html`<p>${failure.cause}: ${failure.message}</p>
        <p>${verbs[verb].told}</p>`,
      seen: found.value.at,
    });
  },
  async run({api}, about, asked, seen) {
    const now = await api.letters.read(nameOf(about), {});
    if (!now.ok) return now;
    if (now.value.at !== seen) return refused(anotherNow('dead letter'));
    return deedOf(await api.letters[verb]({letters: [nameOf(about)], reason: asked.reason}, asked));
  },
  back: ({target}) => address('/dead-letters/list', {target}),
});

/** No more are counted than it takes to know that they are too many, where only reading them tells. */
const howMany = (count: number, hasMore: boolean): string =>
  hasMore && count === mostAtOnce + 1
    ? `more than ${countText(mostAtOnce, 'dead letter')}`
    : countText(count, 'dead letter');

const filterOf = ({target, cause, subject}: About) => ({
  ...(target !== undefined && {target}),
  ...(cause !== undefined && {cause}),
  ...(subject !== undefined && {subject}),
});

/** All that a filter is about. */
const someLetters = (verb: Verb): Action => ({
  role: 'operator',
  title: `${verbs[verb].title} all`,
  isDangerous: verb === 'discard',
  needs: [],
  takes: ['target', 'cause', 'subject'],
  async look({api}, about): Promise<Answer<Look>> {
    const found = await api.letters.preview(filterOf(about));
    if (!found.ok) return found;
    const {count, hasMore, token = '', causes} = found.value;
    const where = [
      about['target'] && ` at ${about['target']}`,
      about['cause'] && ` of ${about['cause']}`,
      about['subject'] && ` of ${about['subject']}`,
    ];
    const told = html`<p>${verbs[verb].told}</p>
      <ul>
        ${causes.slice(0, 20).map((one) => html`<li>${countText(one.count, 'letter')}: ${one.cause}</li>`)}
      </ul>`;
    const tooMany = html`<p>
      There are more than ${countText(mostAtOnce, 'letter')}: narrow the filter, or use avro-scim dead-letters
      ${verb}.
    </p>`;
    return answered({
      question: `${verbs[verb].title} ${howMany(count, hasMore)}${where.filter(Boolean).join('')}?`,
      details: hasMore ? tooMany : told,
      seen: token,
      isNothing: count === 0 || hasMore,
    });
  },
  run: async ({api}, about, asked: Asked, seen) =>
    deedOf(await api.letters[verb]({filter: filterOf(about), token: seen, reason: asked.reason}, asked)),
  back: (about) => address('/dead-letters/list', about),
});

/** What is done to dead letters. */
export const letterActions = {
  'retry-letter': oneLetter('retry'),
  'discard-letter': oneLetter('discard'),
  'retry-letters': someLetters('retry'),
  'discard-letters': someLetters('discard'),
};
