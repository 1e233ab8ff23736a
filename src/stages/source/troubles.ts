import type {Logger} from '../../core/connector.ts';
import type {Trouble} from './types.ts';

/** What is waited for, by name: each is logged when it begins and when it ends, however often it is met in between. */
export class Troubles {
  readonly #open = new Map<string, Trouble>();
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** `message` is static; `fields` stand beside it in the log. */
  raise(
    name: string,
    message: string,
    fields: {reason?: string; missing?: readonly string[]},
    waitsFor: Trouble['waitsFor'] = 'kafka',
  ): void {
    const known = this.#open.get(name);
    const {reason = fields.missing?.join(', ')} = fields;
    this.#open.set(name, {message, waitsFor, ...(reason === undefined ? {} : {reason})});
    if (known?.message !== message) this.#log.warn(fields, message);
  }

  clear(name: string): void {
    const known = this.#open.get(name);
    if (known === undefined) return;
    this.#open.delete(name);
    this.#log.info({trouble: known.message}, 'No longer waiting');
  }

  list(): Trouble[] {
    return [...this.#open.values()];
  }
}

/** What an exception of a client library says. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
