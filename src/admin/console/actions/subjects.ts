import type {Role} from '../../../core/role.ts';
import {address, html} from '../html.ts';
import {countText} from '../words.ts';
import {answered, deedOf, type Action} from './action.ts';

interface Words {
  role: Role;
  title: string;
  told: string;
  isDangerous?: boolean;
}

/** One subject, at one target or at all. */
const ofSubject = (verb: 'cutOff' | 'lift' | 'replay', {told, ...words}: Words): Action => ({
  ...words,
  needs: ['id'],
  takes: ['target'],
  async look({api}, {id = '', target}) {
    const listed = await api.targets.list();
    const names = listed.targets
      .map(({name}) => name)
      .filter((name) => target === undefined || name === target);
    return answered({
      question: `${words.title}: ${id}, at ${target ?? countText(names.length, 'target')}?`,
      details: html`<p>${told}</p>`,
      seen: String(names.length),
      isNothing: names.length === 0,
    });
  },
  run: async ({api}, {id = '', target}, asked) =>
    deedOf(await api.subjects[verb](id, target === undefined ? undefined : [target], asked)),
  back: ({id}) => address('/subject', {id}),
});

/** What is done to one person or group. */
export const subjectActions = {
  'cut-off': ofSubject('cutOff', {
    role: 'operator',
    title: 'Cut off now',
    told: 'Access is ended without an event, and stays so until an approver lifts it.',
    isDangerous: true,
  }),
  lift: ofSubject('lift', {
    role: 'approver',
    title: 'Lift the cut-off by hand',
    told: 'What was held goes on: the person may get access again.',
    isDangerous: true,
  }),
  replay: ofSubject('replay', {
    role: 'operator',
    title: 'Replay the last event',
    told: 'The last event is read again from Kafka and told to the target, although nothing seems to differ.',
  }),
};
