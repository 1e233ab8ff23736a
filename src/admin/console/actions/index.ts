import {address, html, type Html} from '../html.ts';
import {may, type Seen} from '../view.ts';
import type {Action} from './action.ts';
import {groupActions} from './groups.ts';
import {holdActions} from './holds.ts';
import {letterActions} from './letters.ts';
import {subjectActions} from './subjects.ts';
import {targetActions} from './targets.ts';

const all = {...letterActions, ...groupActions, ...holdActions, ...subjectActions, ...targetActions};
export type ActionName = keyof typeof all;

/** All that a person can do here, by name. */
export const actions: ReadonlyMap<string, Action> = new Map<string, Action>(Object.entries(all));

/** Where an action is shown before it is done. */
export const actionAddress = (
  name: ActionName,
  about: Readonly<Record<string, string | undefined>>,
): string => address(`/act/${name}`, about);

/** A way to an action, for whoever may do it; `of` tells apart, for who only hears it, links that stand in many rows. */
export function actionLink(
  seen: Pick<Seen, 'who'>,
  name: ActionName,
  about: Readonly<Record<string, string | undefined>>,
  of?: string,
): Html | undefined {
  const {role, title, isDangerous = false}: Action = all[name];
  if (!may(seen, role)) return undefined;
  const more = of !== undefined && html`<span class="unseen"> ${of}</span>`;
  return html`<a class="button ${isDangerous && 'danger'}" href="${actionAddress(name, about)}"
    >${title}…${more}</a
  >`;
}
