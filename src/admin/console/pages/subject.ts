import type {SubjectView} from '../../api/schema/subjects.ts';
import type {Answer} from '../../api/problem.ts';
import type {AuditPage} from '../../api/schema/audit.ts';
import {actionLink} from '../actions/index.ts';
import {address, html, type Html} from '../html.ts';
import type {StandingAt} from '../ports.ts';
import {may, refusalView, viewOf, type Page, type Seen} from '../view.ts';
import {decisionTable} from './audit.ts';
import {standingCard} from './standing-card.ts';
import {showForm} from './show.ts';

const pastLimit = 100;

/** One person or group: whether they have access at each target, why, since when, and what comes next. */
export const subject: Page = (seen) => subjectPage(seen, false);

/** The same with what is personal, for who may see it and says why. */
export const subjectShown: Page = (seen) => subjectPage(seen, true);

async function subjectPage(seen: Seen, isShown: boolean): ReturnType<Page> {
  const {id, reason} = seen.fields;
  if (id === undefined)
    return refusalView('Subject', {kind: 'bad-request', detail: 'Expected the id of a person or a group.'});
  const showing = isShown ? {reveal: {by: seen.who, reason}} : {};
  const [found, standings, past] = await Promise.all([
    seen.api.subjects.read(id, showing),
    seen.own.standings(id),
    seen.api.audit({subject: id}, {limit: pastLimit}, {}),
  ]);
  const view = await viewOf(`Subject ${id}`, Promise.resolve(found), (one) =>
    show(one, {standings, past, seen, isShown}),
  );
  if (found.ok) return view;
  // Who is not known can be cut off all the same: by the time their event comes it is too late.
  const isUnknown = found.refusal.kind === 'unknown';
  return {
    ...view,
    body: html`${view.body}
    ${isUnknown && html`<div class="actions">${actionLink(seen, 'cut-off', {id})}</div>`}
    ${decided(id, past, seen)}`,
  };
}

interface Around {
  standings: Answer<readonly StandingAt[]>;
  past: Answer<AuditPage>;
  seen: Seen;
  isShown: boolean;
}

function show({subject: id, targets}: SubjectView, {standings, past, seen, isShown}: Around): Html {
  const said = standings.ok ? standings.value : [];
  const of = (name: string): StandingAt | undefined => said.find(({target}) => target === name);
  // Whoever should be out and may not be comes first.
  const sorted = targets.toSorted(
    (a, b) => Number(of(b.target)?.standing.isLate) - Number(of(a.target)?.standing.isLate) || 0,
  );
  const isPerson = !said.some(({isGroup}) => isGroup);
  return html`<h1>Subject ${id}</h1>
    ${sorted.map((at) => standingCard(id, at, of(at.target), seen))}
    <div class="actions">
      ${isPerson && actionLink(seen, 'cut-off', {id})}
      ${targets.some(({mark}) => mark) && actionLink(seen, 'lift', {id})}
    </div>
    ${decided(id, past, seen)}
    ${!isShown && may(seen, 'operator') && showForm('/subject/show', {id}, seen.csrf)}`;
}

/** The audit is there without Redis. */
const decided = (id: string, past: Answer<AuditPage>, seen: Seen): Html =>
  html`<h2>What was decided</h2>
    ${decisionTable(past, seen)}
    ${past.ok && past.value.next !== undefined && html`<p><a href="${address('/audit', {subject: id})}">All of it</a></p>`}`;
