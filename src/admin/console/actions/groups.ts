import type {GroupPreview, GroupProgress} from '../../api/schema/groups.ts';
import {address, html, type Html} from '../html.ts';
import {notice} from '../notice.ts';
import {table} from '../table.ts';
import {countText, numberText} from '../words.ts';
import {answered, type About, type Action} from './action.ts';

const nameOf = ({target = '', group = ''}: About) => ({target, group});
const pageOf = ({target, group}: About): string => address('/dead-letters/cause', {target, group});

const shownOfEach = 5;

/** How many of a retry were not dealt with. */
export const leftOf = ({total, retried, superseded, gone, refused}: GroupProgress): number =>
  Math.max(0, total - retried - superseded - gone - refused);

/** What a retry would do now, and some examples of each. */
export function foreseen({count, looked, would, sample}: GroupPreview): Html {
  if (looked === 0)
    return html`<p>They go back into their subjects’ order and are told to the target again.</p>`;
  const which = looked < count ? `the ${numberText(looked)} oldest` : 'them';
  const some = would.flatMap(({does}) => sample.filter((one) => one.does === does).slice(0, shownOfEach));
  return html`<p>Tried again now, of ${which}:</p>
    <ul>
      ${would.map((one) => html`<li>${numberText(one.count)} ${one.does}</li>`)}
    </ul>
    ${would.every(({does}) => does === 'dead letter') && notice('warning', 'Each would be a dead letter again: mend the cause first.')}
    ${table({
      caption: 'Some of them',
      rows: some,
      none: 'None was looked at.',
      columns: [
        {
          head: 'Subject',
          cell: ({subject}) => html`<a href="${address('/subject', {id: subject})}">${subject}</a>`,
        },
        {
          head: 'Would now be',
          cell: ({does, reason}) => `${does}${reason === undefined ? '' : `: ${reason}`}`,
        },
      ],
    })}`;
}

/** What is done to the dead letters of one cause. */
export const groupActions: Readonly<Record<'retry-cause' | 'stop-retry', Action>> = {
  'retry-cause': {
    role: 'operator',
    title: 'Retry all of this cause',
    needs: ['target', 'group'],
    async look({api}, about) {
      const found = await api.groups.preview(nameOf(about));
      if (!found.ok) return found;
      const {count, token, group} = found.value;
      return answered({
        question: `Retry ${countText(count, 'dead letter')} at ${group.target}: ${group.cause}?`,
        details: foreseen(found.value),
        seen: token,
        isNothing: count === 0,
      });
    },
    async run({api}, about, asked, seen) {
      const begun = await api.groups.retry(nameOf(about), seen, asked);
      if (!begun.ok) return begun;
      const done = `The retry of ${countText(begun.value.total, 'dead letter')} has begun.`;
      return answered({done, more: html`<p><a href="${pageOf(about)}">See how far it has come</a></p>`});
    },
    back: pageOf,
  },
  'stop-retry': {
    role: 'operator',
    title: 'Stop the retry',
    needs: ['target', 'group'],
    async look({api}, about) {
      const found = await api.groups.progress(nameOf(about));
      if (!found.ok) return found;
      const left = leftOf(found.value);
      const isRunning = found.value.state === 'running';
      return answered({
        question: isRunning
          ? `Stop the retry? ${countText(left, 'letter')} would stay dead letters.`
          : 'No retry of this cause runs.',
        seen: String(left),
        isNothing: !isRunning,
      });
    },
    async run({api}, about, asked) {
      const ended = await api.groups.stop(nameOf(about), asked);
      if (!ended.ok) return ended;
      const left = countText(leftOf(ended.value), 'letter');
      return answered({
        done: `The retry is stopped: ${left} of ${numberText(ended.value.total)} were not tried.`,
      });
    },
    back: pageOf,
  },
};
