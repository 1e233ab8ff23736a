import type {Failure} from '../../core/failure.ts';
import type {Granted} from './work.ts';

/** Changes that are remembered, at most: each has shut the gate once. */
const maxRemembered = 1000;

/**
 * Tells a credential that is refused from a change that this credential may not make (a 403 for one protected account).
 * A change that has shut the gate, and is refused again although others were applied since, is refused for itself.
 */
export class Refusals {
  /** Which change has shut the gate, and how many had been applied by then. */
  readonly #shutBy = new Map<string, number>();
  #applied = 0;

  /** The failure as it is to be judged: `rejected` where it is this change's own. */
  read(granted: Granted, failure: Failure): Failure {
    const before = this.#shutBy.get(nameOf(granted));
    if (failure.kind !== 'unauthorized' || before === undefined || this.#applied === before) return failure;
    this.#shutBy.delete(nameOf(granted));
    const message = `${failure.message}: others were applied since, so the credential may not make this very change`;
    return {...failure, kind: 'rejected', message, cause: `${failure.cause}, this change alone`};
  }

  /** This change's refusal has shut the gate. */
  shut(granted: Granted): void {
    if (this.#shutBy.has(nameOf(granted))) return;
    const [oldest] = this.#shutBy.keys();
    if (this.#shutBy.size >= maxRemembered && oldest !== undefined) this.#shutBy.delete(oldest);
    this.#shutBy.set(nameOf(granted), this.#applied);
  }

  /** The target was written to. */
  applied(granted: Granted): void {
    this.#applied += 1;
    if (this.#shutBy.size > 0) this.#shutBy.delete(nameOf(granted));
  }
}

const nameOf = ({claim: {op, subject, position}}: Granted): string =>
  JSON.stringify([op, subject, position.source, position.offset]);
