import type {Done} from '../../api/schema/letters.ts';
import {aboutOf, type About, type Action, type Deed} from '../actions/action.ts';
import {actionAddress, actions, type ActionName} from '../actions/index.ts';
import {address, html, type Html, type Part} from '../html.ts';
import {notice} from '../notice.ts';
import {table} from '../table.ts';
import {may, refusalView, type Seen, type View} from '../view.ts';
import {countText, numberText} from '../words.ts';

interface Asking {
  name: string;
  action: Action;
  about: About;
}

/** What an action would do, with a form that asks why; a stale one says so above. */
export function ask(name: string, seen: Seen): Promise<View> {
  return withAction(name, seen, (asking) => askFor(asking, seen));
}

/** Does it, when it is said why; answers with what was done. */
export function act(name: string, seen: Seen): Promise<View> {
  return withAction(name, seen, async (asking) => {
    const {action, about} = asking;
    const {reason, seen: was = ''} = seen.fields;
    if (reason === undefined || reason.length > longestReason)
      return askFor(asking, seen, {
        status: 400,
        why: `Say why, in ${longestReason} characters at most. Nothing was done.`,
      });
    const done = await action.run(seen, about, {by: seen.who, reason}, was);
    if (done.ok) return {title: action.title, body: deed(action, about, done.value)};
    if (done.refusal.kind === 'stale-preview')
      return askFor(asking, seen, {status: 409, why: `${done.refusal.detail} Look at it again below.`});
    return refusalView(action.title, done.refusal);
  });
}

const longestReason = 500;

async function withAction(name: string, seen: Seen, go: (asking: Asking) => Promise<View>): Promise<View> {
  const action = actions.get(name);
  if (!action) return refusalView('Unknown', {kind: 'unknown', detail: `There is no action ${name}.`});
  const {role, title} = action;
  if (!may(seen, role))
    return refusalView(title, {kind: 'not-allowed', detail: `This needs the role ${role}.`, role});
  const about = aboutOf(action, seen.fields);
  return about.ok ? go({name, action, about: about.value}) : refusalView(title, about.refusal);
}

async function askFor(
  {name, action, about}: Asking,
  seen: Seen,
  trouble?: {status: number; why: string},
): Promise<View> {
  const look = await action.look(seen, about);
  if (!look.ok) return refusalView(action.title, look.refusal);
  const {question, details, isNothing, button = action.title} = look.value;
  const form = html`<form method="post" action="${actionAddress(name as ActionName, about)}" class="ask">
    <input type="hidden" name="csrf" value="${seen.csrf}" /><input
      type="hidden"
      name="seen"
      value="${look.value.seen}"
    />
    <div>
      <label for="reason">Reason, for the audit</label>
      <input
        id="reason"
        name="reason"
        required
        maxlength="${longestReason}"
        value="${seen.fields['reason']}"
        autocomplete="off"
      />
    </div>
    <div class="actions">
      <button class="${action.isDangerous ? 'danger' : 'main'}">${button}</button>
      <a class="button" href="${action.back(about)}">Cancel</a>
    </div>
  </form>`;
  return {
    title: action.title,
    ...(trouble && {status: trouble.status}),
    body: html`<h1>${question}</h1>
      ${trouble && notice('alert', trouble.why)} ${details}
      ${isNothing ? html`<a class="button" href="${action.back(about)}">Back</a>` : form}`,
  };
}

const mostShown = 200;

function deed(action: Action, about: About, done: Deed): Html {
  const back = html`<p><a class="button" href="${action.back(about)}">Back</a></p>`;
  if ('done' in done)
    return html`<h1>${action.title}</h1>
      ${notice('done', done.done)}${done.more}${back}`;
  const {results} = done;
  const counts = [...Map.groupBy(results, ({result}) => result)].map(
    ([result, {length}]) => `${numberText(length)} ${result}`,
  );
  const isWhole = results.every(({result}) => result !== 'refused' && result !== 'gone');
  return html`<h1>${action.title}: ${countText(results.length, 'result')}</h1>
    ${notice(isWhole ? 'done' : 'warning', counts.join(', ') || 'nothing was done')}
    ${table<Done>({
      caption: results.length > mostShown ? `The first ${mostShown}` : 'What became of each',
      rows: results.slice(0, mostShown),
      none: 'There was nothing to do it to.',
      columns: [
        {head: 'Subject', cell: whose},
        {head: 'Target', cell: ({target}) => target},
        {head: 'Result', cell: ({result, reason}) => `${result}${reason === undefined ? '' : `: ${reason}`}`},
      ],
    })}${back}`;
}

const whose = ({subject, id}: Done): Part =>
  subject === undefined ? id : html`<a href="${address('/subject', {id: subject})}">${subject}</a>`;
