import type {LaneEntryView} from '../../api/schema/parked.ts';
import type {SubjectAtView} from '../../api/schema/subjects.ts';
import {actionLink} from '../actions/index.ts';
import {html, type Html, type Part} from '../html.ts';
import type {StandingAt} from '../ports.ts';
import {facts} from '../table.ts';
import type {Seen} from '../view.ts';
import {countText, time, timeAt} from '../words.ts';
import {letterAddress} from './letters.ts';

/** How a subject stands at one target, and what can be done about it there. */
export function standingCard(id: string, at: SubjectAtView, said: StandingAt | undefined, seen: Seen): Html {
  const {target} = at;
  const about = {target, subject: id};
  return html`<section class="card ${said?.standing.isLate && 'late'}">
    <h2>${target}${said && [': ', accessText(said)]}</h2>
    ${facts([...standingFacts(said, seen.now), ...accountFacts(at, seen.now), ...waitingFacts(at, seen.now)])}
    <div class="actions">
      ${at.held && !at.held.isBarred && [actionLink(seen, 'approve-hold', about), ' ', actionLink(seen, 'discard-hold', about)]}
      ${actionLink(seen, 'replay', {id, target})}
    </div>
  </section>`;
}

type Fact = readonly [name: string, value: Part];

const standingFacts = (said: StandingAt | undefined, now: number): Fact[] => [
  ['Why', said?.standing.why],
  ['Since', said?.standing.since !== undefined && timeAt(said.standing.since, now)],
  ['What comes next', said?.standing.next],
];

const accountFacts = (
  {state, waitsForGroups, waitsForManager, isLeased}: SubjectAtView,
  now: number,
): Fact[] => [
  ['Account', state && stateText(state)],
  ['Last event decided', state && state.position.offset >= 0 && time(state.position.occurredAt, now)],
  ['Groups', state?.groups.join(', ')],
  ['Waits to enter', waitsForGroups.join(', ')],
  ['Waits for its manager', waitsForManager],
  ['In work now', isLeased && 'yes'],
];

const waitingFacts = (at: SubjectAtView, now: number): Fact[] => [
  ['Cut-off begun', at.cutOffBegunAt !== undefined && html`${time(at.cutOffBegunAt, now)}, not verified yet`],
  [
    'Cut off by hand',
    at.mark && html`by ${at.mark.by}, ${time(at.mark.at, now)}${at.mark.reason && `: ${at.mark.reason}`}`,
  ],
  ['Its end', at.cutOffEnd && handEnd(at.cutOffEnd, now)],
  [
    'Held',
    at.held &&
      `${at.held.id}: ${at.held.isBarred ? 'until the cut-off by hand is lifted' : 'waits for an approver'}`,
  ],
  [
    'Lane',
    at.lane.length > 0 &&
      html`${countText(at.lane.length, 'change')}, tried again ${time(at.laneDueAt, now)}${lane(at.lane)}`,
  ],
  [
    'Dead letters',
    at.letters.length > 0 &&
      html`<ul>
        ${at.letters.map(letterItem)}
      </ul>`,
  ],
];

const letterItem = (letter: SubjectAtView['letters'][number]): Html =>
  html`<li>
    <a href="${letterAddress(letter)}">${letter.id}</a>: ${letter.failure.cause}, ${letter.failure.message}
  </li>`;

function accessText({isGroup, standing: {access, isLate}}: StandingAt): Html {
  if (isGroup) return access === 'no' ? html`not there` : html`there`;
  switch (access) {
    case 'yes':
      return isLate ? html`<span class="bad">still has access</span>` : html`has access`;
    case 'maybe':
      return html`<span class="bad">may still have access</span>`;
    case 'no':
      return html`no access`;
    default:
      return access satisfies never;
  }
}

const stateText = ({
  remoteId,
  active,
  inDoubt,
  isProtected,
  unwanted,
}: NonNullable<SubjectAtView['state']>): string =>
  [
    remoteId ?? 'none',
    remoteId !== undefined && (active ? 'active' : 'not active'),
    unwanted && 'not wanted',
    inDoubt && 'in doubt: a request’s end is not known',
    isProtected && 'protected',
  ]
    .filter((word) => word !== false)
    .join(', ');

const lane = (entries: readonly LaneEntryView[]): Part =>
  html`<ul>
    ${entries.map(({id, kind, attempts, failure}) => html`<li>${id}: ${kind === 'cutOff' ? 'cut-off' : kind}, ${countText(attempts, 'attempt')}${failure && `: ${failure.cause}, ${failure.message}`}</li>`)}
  </ul>`;

function handEnd(
  {at, complete, receipt, failure, reason}: NonNullable<SubjectAtView['cutOffEnd']>,
  now: number,
): Html {
  const steps = receipt?.steps
    .map(({name, remains}) => `${name}${remains === undefined ? '' : ` (remains: ${remains})`}`)
    .join(', ');
  const why = [failure?.message, reason, steps].filter(Boolean).join('; ');
  return html`${complete ? 'read back' : html`<span class="bad">not complete</span>`}${why && `: ${why}`},
  ${time(at, now)}`;
}
