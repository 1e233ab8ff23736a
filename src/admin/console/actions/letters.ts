import type {Asked} from '../../api/ports.ts';
import {refused, type Answer} from '../../api/problem.ts';
import {mostAtOnce} from '../../api/schema/letters.ts';
import {typed} from '../../../core/typed.ts';
import {address, html, type Html} from '../html.ts';
import {countText, numberText} from '../words.ts';
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

const filterOf = ({target, cause, subject}: About) => ({
  ...(target !== undefined && {target}),
  ...(cause !== undefined && {cause}),
  ...(subject !== undefined && {subject}),
});

/** No more are counted than it takes to know that they are too many, where only reading them tells. */
function questionOf(verb: Verb, count: number, hasMore: boolean): string {
  const all = countText(count, 'dead letter');
  if (!hasMore) return `${verbs[verb].title} ${all}`;
  const of = count === mostAtOnce + 1 ? `more than ${countText(mostAtOnce, 'dead letter')}` : all;
  return `${verbs[verb].title} the oldest ${numberText(mostAtOnce)} of ${of}`;
}

/** What stays, and how all of it is done. */
function restOf(verb: Verb, about: About): Html {
  const filter = Object.entries(filterOf(about)).flatMap(([name, value]) => [`--${name}`, value]);
  const command = typed('dead-letters', verb, ...(filter.length === 0 ? ['--all'] : filter));
  return html`<p>
    The others stay, and the same again goes on with them. <code>${command}</code> takes all of them.
  </p>`;
}

/** All that a filter is about, or the oldest of it. */
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
    return answered({
      question: `${questionOf(verb, count, hasMore)}${where.filter(Boolean).join('')}?`,
      details: html`<p>${verbs[verb].told}</p>
        <ul>
          ${causes.slice(0, 20).map((one) => html`<li>${countText(one.count, 'letter')}: ${one.cause}</li>`)}
        </ul>
        ${hasMore && restOf(verb, about)}`,
      seen: token,
      isNothing: count === 0,
      ...(hasMore && {button: `${verbs[verb].title} these ${numberText(mostAtOnce)}`}),
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
