import {mayAct, type Role} from '../../core/role.ts';
import type {Principal} from '../api/auth/principal.ts';
import type {ApiPorts} from '../api/ports.ts';
import {problemOf, type Answer, type Refusal} from '../api/problem.ts';
import type {History} from './history.ts';
import {html, type Html} from './html.ts';
import {refusalNotice} from './notice.ts';
import type {ConsolePorts} from './ports.ts';

/** What a query or a form has, empty fields left out. */
export type Fields = Readonly<Record<string, string | undefined>>;

/** What a page is made from. */
export interface Seen {
  api: ApiPorts;
  own: ConsolePorts;
  history: History;
  fields: Fields;
  who: Principal;
  /** What a form must bring along to be heard. */
  csrf: string;
  /** Milliseconds since the epoch. */
  now: number;
}

/** What stands in a page. */
export interface View {
  title: string;
  status?: number;
  body: Html;
  /** It is fetched again every few seconds. */
  isLive?: boolean;
}

export type Page = (seen: Seen) => Promise<View>;

/** Whether who looks may do what needs a role. */
export const may = ({who}: Pick<Seen, 'who'>, role: Role): boolean => mayAct(who.role, role);

/** A page that says why there is nothing to show. */
export const refusalView = (title: string, refusal: Refusal): View => ({
  title,
  status: problemOf(refusal).status,
  body: html`<h1>${title}</h1>
    ${refusalNotice(refusal)}`,
});

/** A page over what a port answers; what it refuses is said in its place. */
export async function viewOf<T>(
  title: string,
  answer: Promise<Answer<T>>,
  show: (value: T) => Html,
): Promise<View> {
  const found = await answer;
  return found.ok ? {title, body: show(found.value)} : refusalView(title, found.refusal);
}
