import {address, html} from '../html.ts';
import {countText, numberText} from '../words.ts';
import type {ApiPorts} from '../../api/ports.ts';
import {refused} from '../../api/problem.ts';
import {anotherNow, answered, deedOf, type Action} from './action.ts';

const verbs = {
  approve: {title: 'Approve', told: 'The leave goes on: access is cut off.'},
  discard: {title: 'Discard', told: 'The leave is dropped: access stays as it is until a newer event.'},
} as const;
type Verb = keyof typeof verbs;

const oneHold = (verb: Verb): Action => ({
  role: 'approver',
  title: verbs[verb].title,
  isDangerous: true,
  needs: ['target', 'subject'],
  async look({api}, {target = '', subject = ''}) {
    const found = await heldOf(api, target, subject);
    if (!found.ok) return found;
    const held = found.value;
    return answered({
      question: `${verbs[verb].title} what is held of ${subject} at ${target}?`,
      details: held ? html`<p>${verbs[verb].told}</p>` : html`<p>Nothing of it is held there any more.</p>`,
      seen: held?.id ?? '',
      isNothing: held === undefined,
    });
  },
  async run({api}, {target = '', subject = ''}, asked, seen) {
    const now = await heldOf(api, target, subject);
    if (!now.ok) return now;
    if (now.value && now.value.id !== seen) return refused(anotherNow('held event'));
    return deedOf(await api.holds[verb]({holds: [{target, subject}], reason: asked.reason}, asked));
  },
  back: ({target}) => address('/holds', {target}),
});

async function heldOf({subjects}: Pick<ApiPorts, 'subjects'>, target: string, subject: string) {
  const found = await subjects.read(subject, {});
  return found.ok ? answered(found.value.targets.find((one) => one.target === target)?.held) : found;
}

const someHolds = (verb: Verb): Action => ({
  role: 'approver',
  title: `${verbs[verb].title} all`,
  isDangerous: true,
  needs: [],
  takes: ['target'],
  async look({api}, {target}) {
    const found = await api.holds.preview(target === undefined ? {} : {target});
    if (!found.ok) return found;
    const {count, hasMore, token = ''} = found.value;
    return answered({
      question: `${verbs[verb].title} ${hasMore ? 'the oldest ' : ''}${countText(count, 'hold')}${target === undefined ? '' : ` at ${target}`}?`,
      details: html`<p>
        ${verbs[verb].told} ${hasMore && 'There are more: they stay, and the same again goes on with them.'}
      </p>`,
      seen: token,
      isNothing: count === 0,
      ...(hasMore && {button: `${verbs[verb].title} these ${numberText(count)}`}),
    });
  },
  run: async ({api}, {target}, asked, seen) => {
    const filter = target === undefined ? {} : {target};
    return deedOf(await api.holds[verb]({filter, token: seen, reason: asked.reason}, asked));
  },
  back: ({target}) => address('/holds', {target}),
});

/** What is done to what is held. */
export const holdActions = {
  'approve-hold': oneHold('approve'),
  'discard-hold': oneHold('discard'),
  'approve-holds': someHolds('approve'),
  'discard-holds': someHolds('discard'),
};
