import type {Receipt} from './engine/cut-off.ts';
import type {AuditRecord} from './audit.ts';

/** Who has cut somebody off by hand (`user@host`), when (ms since the epoch), and why. */
export interface HandMark {
  by: string;
  at: number;
  reason?: string;
}

/** How the last attempt at a cut-off by hand ended; complete only with a receipt that is, or where there is no account. */
export interface HandEnd {
  /** Milliseconds since the epoch. */
  at: number;
  complete: boolean;
  receipt?: Receipt;
  failure?: NonNullable<AuditRecord['failure']>;
  /** Why there was nothing to do, or why nothing was done. */
  reason?: string;
  /** Nobody is known here, and whoever is could not be looked for: a person has to. The mark stands. */
  isUnseen?: true;
}

/** Where a dispatcher tells how a cut-off by hand ended, for whoever waits for it. */
export interface Hands {
  ended(subject: string, end: HandEnd): Promise<void>;
}

/** What is said of whatever a mark keeps back. */
export const byHand = 'cut off by hand';

/** The id of a cut-off by hand in its subject's lane; there is one at most. */
export const handId = (subject: string): string => `${subject}/cut-off`;
