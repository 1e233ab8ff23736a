import {createContext, Script, type Context} from 'node:vm';
import {judgeRegex} from './regex.ts';

/** It did not end in time. */
export class TimeOver extends Error {}

let box: (Context & {work?: (() => unknown) | undefined; given?: unknown}) | undefined;
let script: Script | undefined;

/** Does what can not be interrupted from within, a search of a regular expression; throws `TimeOver` when it takes longer. */
export function within<T>(timeMs: number, work: () => T): T {
  box ??= createContext({work: undefined, given: undefined});
  script ??= new Script('given = work()');
  box.work = work;
  try {
    script.runInContext(box, {timeout: Math.max(1, Math.ceil(timeMs))});
    return box.given as T;
  } catch (error) {
    throw isTimeout(error) ? new TimeOver('a search takes too long', {cause: error}) : error;
  } finally {
    box.work = undefined;
    box.given = undefined;
  }
}

/** It is an error of the other context, and no instance of this one's. */
const isTimeout = (error: unknown): boolean =>
  typeof error === 'object' &&
  error !== null &&
  'code' in error &&
  error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/** Steps that a search may take without anybody watching the clock, which costs more than they do. */
const fewSteps = 100_000;

/** What JSONata searches with in place of `RegExp`: all its searches together may take `timeMs`. Throws `TimeOver`. */
export function boundedRegex(timeMs: number): new (source: RegExp) => Pick<RegExp, 'lastIndex' | 'exec'> {
  return class {
    readonly #regex: RegExp;
    readonly #degree: number;
    #leftMs = timeMs;

    constructor(source: RegExp) {
      this.#regex = new RegExp(source);
      this.#degree = judgeRegex(source.source).degree;
    }

    get lastIndex(): number {
      return this.#regex.lastIndex;
    }

    set lastIndex(at: number) {
      this.#regex.lastIndex = at;
    }

    exec(text: string): RegExpExecArray | null {
      if (this.#leftMs <= 0) throw new TimeOver('searches take too long');
      const began = performance.now();
      const search = () => this.#regex.exec(text);
      // It begins at each character anew.
      const isShort = (text.length + 1) ** (this.#degree + 1) <= fewSteps;
      try {
        return isShort ? search() : within(this.#leftMs, search);
      } finally {
        this.#leftMs -= performance.now() - began;
      }
    }
  };
}
