import type {Standing} from '../../core/standing.ts';
import type {KnownSubject} from '../../core/known-subject.ts';
import {shown} from '../stored/mask.ts';
import {timeOf} from '../stored/table.ts';

/** The first lines: whether it has access at a target, since when, why, and what happens next. */
export function standingLines(target: string, isGroup: boolean, standing: Standing): string[] {
  const {since, why, next} = standing;
  const when = since === undefined ? '' : `, since ${timeOf(since)}`;
  return [`${target}: ${accessText(isGroup, standing)}${when}: ${why}`, `  next: ${next}`];
}

function accessText(isGroup: boolean, {access, isLate}: Standing): string {
  if (isGroup) return access === 'no' ? 'it is not there' : 'it is there';
  switch (access) {
    case 'yes':
      return isLate ? 'STILL HAS ACCESS' : 'has access';
    case 'maybe':
      return 'MAY STILL HAVE ACCESS';
    case 'no':
      return 'no access';
    default:
      return access satisfies never;
  }
}

/** What is known, as JSON has it: bodies, headers and bytes masked unless they are to be seen. */
export const masked = (known: KnownSubject, reveal: boolean): object => ({
  ...known,
  lane: known.lane.map((entry) => shown(entry, reveal)),
  letters: known.letters.map((letter) => shown(letter, reveal)),
  ...(known.held && {held: shown(known.held, reveal)}),
});

/** What is known at one target, a line for each kind of thing. */
export function linesOf(known: KnownSubject & {target: string}): string[] {
  const {state, lane, letters, held, cutOffBegunAt, waitsForGroups, waitsForManager, laneDueAt, mark} = known;
  return [
    `${known.target}: ${state === undefined ? 'nothing was decided yet' : stateLine(state)}`,
    ...(state && state.groups.length > 0 ? [`  groups: ${state.groups.join(', ')}`] : []),
    ...(waitsForGroups.length > 0 ? [`  waits to enter: ${waitsForGroups.join(', ')}`] : []),
    ...(waitsForManager === undefined ? [] : [`  waits for its manager: ${waitsForManager}`]),
    ...(known.isLeased ? ['  in work now'] : []),
    ...(cutOffBegunAt === undefined ? [] : [`  cut-off open since ${timeOf(cutOffBegunAt)}`]),
    ...(mark === undefined ? [] : [markLine(mark)]),
    ...(known.erasedAt === undefined ? [] : [`  erased ${timeOf(known.erasedAt)}`]),
    ...(held === undefined
      ? []
      : [`  ${held.isBarred ? 'held until that is lifted' : 'a leave is held'}: ${held.id}`]),
    ...(laneDueAt === undefined ? [] : [`  lane of ${lane.length}, tried again ${timeOf(laneDueAt)}`]),
    ...lane.map(
      (entry) => `    ${entry.id}  ${entry.kind}  attempts ${entry.attempts}  ${entry.failure?.cause ?? ''}`,
    ),
    ...letters.map((letter) => `  dead letter ${letter.id}  ${letter.kind}  ${letter.failure.cause}`),
  ];
}

function markLine({at, by, reason}: NonNullable<KnownSubject['mark']>): string {
  return `  cut off by hand since ${timeOf(at)} by ${by}${reason === undefined ? '' : `: ${reason}`}`;
}

function stateLine(state: NonNullable<KnownSubject['state']>): string {
  const account = state.remoteId === undefined ? 'no account' : `account ${state.remoteId}`;
  const words = [
    state.kind,
    account,
    ...(state.active ? ['active'] : []),
    ...(state.unwanted ? ['not wanted'] : []),
  ];
  return [
    ...words,
    ...(state.inDoubt ? ['in doubt'] : []),
    ...(state.isProtected ? ['protected'] : []),
    `as of ${timeOf(state.position.occurredAt)}`,
  ].join(', ');
}
