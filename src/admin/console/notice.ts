import {problemOf, type Refusal} from '../api/problem.ts';
import {html, type Html, type Part} from './html.ts';

/** What is to be noticed first; `alert` where something is wrong. */
export const notice = (kind: 'alert' | 'warning' | 'done', text: Part): Html =>
  html`<div class="notice ${kind}" role="${kind === 'alert' ? 'alert' : 'status'}">${text}</div>`;

/** Why something is not shown or was not done. */
export function refusalNotice(refusal: Refusal): Html {
  const {title, detail, errors} = problemOf(refusal);
  const places = errors?.map(({at, message}) => html`<li>${at}: ${message}</li>`);
  return notice(
    'alert',
    html`<strong>${title}.</strong> ${detail}${
        places &&
        html`<ul>
          ${places}
        </ul>`
      }`,
  );
}
