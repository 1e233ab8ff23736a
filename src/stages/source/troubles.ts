import type {Logger} from '../../core/connector.ts';

/** What is waited for, by name: each is logged when it begins and when it ends, however often it is met in between. */
export class Troubles {
  readonly #open = new Map<string, string>();
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** `message` is static; `fields` stand beside it in the log. */
  raise(name: string, message: string, fields: object): void {
    if (this.#open.get(name) === message) return;
    this.#open.set(name, message);
    this.#log.warn(fields, message);
  }

  clear(name: string): void {
    const message = this.#open.get(name);
    if (message === undefined) return;
    this.#open.delete(name);
    this.#log.info({trouble: message}, 'No longer waiting');
  }

  list(): string[] {
    return [...this.#open.values()];
  }
}

/** What an exception of a client library says. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
