import type {HandEnd} from '../../core/hand.ts';
import type {ExitCode} from '../command.ts';
import {timeOf} from '../stored/table.ts';

/**
 * What became of a cut-off by hand at one target. `refused`: nothing was done, and nothing goes on; `not known`: no account is known,
 * and there may be one all the same.
 */
export interface HandOutcome {
  target: string;
  result: 'cut off' | 'no account' | 'not known' | 'refused' | 'goes on';
  end?: HandEnd;
  /** Why it was refused. */
  reason?: string;
}

/** How a dispatcher's end is told; none: nobody has come to one. */
export function outcomeOf(target: string, end: HandEnd | undefined): HandOutcome {
  if (end === undefined) return {target, result: 'goes on'};
  if (end.complete) return {target, result: end.receipt ? 'cut off' : 'no account', end};
  if (end.isUnseen) return {target, result: 'not known', end};
  return end.reason === undefined
    ? {target, result: 'goes on', end}
    : {target, result: 'refused', reason: end.reason};
}

/** For a person: each step of the receipt, what remains, and what was not ended. */
export function linesOf({target, result, end, reason}: HandOutcome): string[] {
  const steps = (end?.receipt?.steps ?? []).map(({name, verifiedAt, remains}) => {
    const rest = remains === undefined ? '' : `; remains: ${remains}`;
    return `  ${name}: ended, verified ${timeOf(verifiedAt)}${rest}`;
  });
  switch (result) {
    case 'cut off':
      return [`${target}: cut off, account ${end?.receipt?.remoteId ?? ''}`, ...steps];
    case 'no account':
      return [`${target}: ${end?.reason ?? 'it has no account here'}; none is made until this is lifted`];
    case 'not known':
      return [
        `${target}: NOT CUT OFF: ${end?.reason ?? 'none is known'}: look there; none is made until this is lifted`,
      ];
    case 'refused':
      return [`${target}: nothing was done: ${reason ?? ''}`];
    case 'goes on':
      return [
        `${target}: NOT CUT OFF YET: ${whyNot(end)}`,
        ...steps,
        '  it is marked, and goes on by itself: `run` tries it again; so does this command',
      ];
    default:
      return result satisfies never;
  }
}

function whyNot(end: HandEnd | undefined): string {
  if (!end?.failure) return 'somebody else works on it, or the target is to be left alone';
  const {cause, message} = end.failure;
  return message.includes(cause) ? message : `${message} (${cause})`;
}

const unanswered = new Set(['transient', 'throttled', 'unavailable']);

/** What needs a person outweighs what could not be reached. */
export function exitCodeOf(outcomes: readonly HandOutcome[]): ExitCode {
  const open = outcomes.filter(({result}) => result !== 'cut off' && result !== 'no account');
  if (open.length === 0) return 0;
  const isAway = ({end}: HandOutcome): boolean =>
    unanswered.has(end?.failure?.kind ?? '') && (end?.receipt?.steps ?? []).length === 0;
  return open.every(isAway) ? 3 : 1;
}
