import type {Role} from '../../../core/role.ts';
import type {Asked} from '../../api/ports.ts';
import type {Answer} from '../../api/problem.ts';
import type {Done} from '../../api/schema/letters.ts';
import type {Html} from '../html.ts';
import type {Fields, Seen} from '../view.ts';

/** What an action is about, by the names of its fields. */
export type About = Readonly<Record<string, string>>;

/** What it would do now. */
export interface Look {
  /** In words, with the exact count: `Retry 2,000 dead letters at wiki?` */
  question: string;
  details?: Html;
  /** Comes back with the form, and says what was seen. */
  seen: string;
  /** On its button, where it is not the action's title. */
  button?: string;
  /** There is nothing to do it to. */
  isNothing?: boolean;
}

/** What was done: the result of each, or words of its own. */
export type Deed = {results: readonly Done[]} | {done: string; more?: Html};

/** Something that a person does here: shown first with what it is about, done when they say why. */
export interface Action {
  role: Role;
  /** On its button. */
  title: string;
  isDangerous?: boolean;
  /** Fields that it must have, and those that it may have. */
  needs: readonly string[];
  takes?: readonly string[];
  look(from: Pick<Seen, 'api' | 'own' | 'now'>, about: About): Promise<Answer<Look>>;
  /** A stale preview is refused as such. */
  run(from: Pick<Seen, 'api' | 'own'>, about: About, asked: Asked, seen: string): Promise<Answer<Deed>>;
  /** Where one goes from there. */
  back(about: About): string;
}

const longest = 1024;

/** The fields that an action knows; the name of one that is missing or too long. */
export function aboutOf(action: Action, fields: Fields): Answer<About> {
  const about: Record<string, string> = {};
  for (const name of [...action.needs, ...(action.takes ?? [])]) {
    const value = fields[name];
    if (value !== undefined && value.length <= longest) about[name] = value;
    else if (value !== undefined || action.needs.includes(name)) {
      const detail = `Expected ${name}, of ${longest} characters at most.`;
      return {ok: false, refusal: {kind: 'bad-request', detail}};
    }
  }
  return {ok: true, value: about};
}

/** An answer that is there. */
export const answered = <T>(value: T): Answer<T> => ({ok: true, value});

/** That one thing is not what was shown. */
export const anotherNow = (what: string) =>
  ({
    kind: 'stale-preview',
    detail: `The ${what} is another than was shown. Nothing was done.`,
    count: 1,
  }) as const;

/** The results of each as what was done. */
export const deedOf = (answer: Answer<Done[]>): Answer<Deed> =>
  answer.ok ? answered({results: answer.value}) : answer;
