import type {Logger} from '../../core/connector.ts';

/** A target of the config that is not served, and why. */
export interface Unserved {
  name: string;
  reason: string;
}

/**
 * Opens each target. One whose connector throws is not served and is told; it must not keep the leavers of all others in, as an
 * end of the whole process would.
 */
export function openTargets<T>(
  names: readonly string[],
  open: (name: string) => T,
  log: Logger,
): {targets: T[]; unserved: Unserved[]} {
  const targets: T[] = [];
  const unserved: Unserved[] = [];
  for (const name of names) {
    try {
      targets.push(open(name));
    } catch (err) {
      log.error({target: name, err}, 'the target can not be started: it is not served, the others are');
      unserved.push({name, reason: err instanceof Error ? err.message : String(err)});
    }
  }
  return {targets, unserved};
}
