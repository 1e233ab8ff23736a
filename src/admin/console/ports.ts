import type {Standing} from '../../core/standing.ts';
import type {Answer} from '../api/problem.ts';
import type {LetterName} from '../api/schema/letters.ts';

/** How a subject stands at one target. */
export interface StandingAt {
  target: string;
  isGroup: boolean;
  standing: Standing;
}

/** What an operator asks of one dead letter. */
export interface Outlook {
  /** What usually fixes it. */
  advice: string;
  /** What it would do, were it tried again now. */
  does: string;
  reason?: string;
}

/** What the console shows beside what the API has. Answers as the API's ports do, and never throws for Redis. */
export interface ConsolePorts {
  /** At each target; those where nobody knows the subject are left out. */
  standings(subject: string): Promise<Answer<readonly StandingAt[]>>;
  outlook(letter: LetterName): Promise<Answer<Outlook>>;
}
