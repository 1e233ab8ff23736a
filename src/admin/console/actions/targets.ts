import {address, html} from '../html.ts';
import {answered, type Action} from './action.ts';

const verbs = {
  pause: {
    title: 'Pause',
    told: 'Nothing leaves for it any more, cut-offs neither: leavers keep their access until it is resumed.',
    done: 'is paused.',
  },
  resume: {title: 'Resume', told: 'It goes on where it was, leavers first.', done: 'goes on.'},
} as const;

const ofTarget = (verb: keyof typeof verbs): Action => ({
  role: 'operator',
  title: verbs[verb].title,
  isDangerous: verb === 'pause',
  needs: ['target'],
  async look({api}, {target = ''}) {
    const found = await api.targets.read(target);
    if (!found.ok) return found;
    const isSo = (found.value.paused !== undefined) === (verb === 'pause');
    return answered({
      question: `${verbs[verb].title} 1 target, ${target}?`,
      details: html`<p>
        ${isSo ? `It is ${verb === 'pause' ? 'paused' : 'not paused'} already.` : verbs[verb].told}
      </p>`,
      seen: '1',
      isNothing: isSo,
    });
  },
  async run({api}, {target = ''}, asked) {
    const done = await api.targets[verb](target, asked);
    return done.ok ? answered({done: `${target} ${verbs[verb].done}`}) : done;
  },
  back: ({target}) => address('/target', {name: target}),
});

/** What is done to a target. */
export const targetActions = {'pause-target': ofTarget('pause'), 'resume-target': ofTarget('resume')};
