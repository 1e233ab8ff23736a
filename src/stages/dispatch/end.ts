import type {Outcome} from '../../core/change.ts';
import type {Receipt} from '../../core/engine/cut-off.ts';
import type {Failure} from '../../core/failure.ts';
import type {Attributes} from '../../core/resource.ts';
import type {Settle} from '../../core/state.ts';

/** How one attempt at a target ended. */
export type End =
  | Done
  | {end: 'failed'; failure: Failure; receipt?: Receipt}
  /** The guard wants a person before this account is ended. */
  | {end: 'held'}
  /** The config protects the account: nothing was sent. */
  | {end: 'protected'; rule: string};

export interface Done {
  end: 'done';
  /** What becomes of the subject's state; its position and lease are added by the caller. */
  settle: Partial<Settle> & Pick<Settle, 'kind'>;
  /** Nothing at the target had to change. */
  unchanged?: boolean;
  reason?: string;
  did?: string;
  /** The attributes that were written. */
  written?: Attributes;
  /** `kept`: out, and left in because they are protected. */
  members?: {added: string[]; removed: string[]; kept?: string[]};
  receipt?: Receipt;
  /** Nobody is known here, and that proves nothing: a person has to look. */
  isUnseen?: boolean;
  /** Members that the target refuses, each a dead letter of its own. */
  refused?: {subject: string; add: boolean; failure: Failure}[];
  /** The attributes are as wanted, but not all members could be told: the rest is tried again. */
  membersFailure?: Failure;
}

export const failedEnd = (failure: Failure, receipt?: Receipt): End => ({
  end: 'failed',
  failure,
  ...(receipt ? {receipt} : {}),
});

/**
 * What became of a work: an outcome, or it goes back to where it came from (after a delay where one is given). `isUntouched`:
 * it was granted and not begun, and nothing was written of it.
 */
export type Verdict = {outcome: Outcome} | {back: true; delayMs?: number; isUntouched?: true};
