import type {Readiness} from '../../admin/server.ts';
import type {GateState} from '../../core/gate.ts';
import type {Trouble} from '../../stages/source/types.ts';
import type {Unserved} from './open-targets.ts';

/** What readiness is made of: of each target what its source waits for, and its gate. */
export interface Seen {
  name: string;
  troubles: readonly Trouble[];
  gate: GateState;
}

/**
 * Each service as it is met now, by what waits for it. Redis is down also while it answers and refuses what is written. A target
 * that is not served at all makes the program unready, and nothing else would tell.
 */
export function readinessOf(
  redis: Readiness['dependencies'][string],
  seen: readonly Seen[],
  unserved: readonly Unserved[] = [],
): Readiness {
  const targets = seen.map(({name, gate}) => {
    const detail =
      gate.state === 'shut' ? {detail: `${gate.cause}${gate.isPaused ? '' : ':'} ${gate.message}`} : {};
    return [name, {gate: gate.state, ...detail}] as const;
  });
  const dependencies = {
    redis: redis.up ? stateOf('redis', seen) : redis,
    kafka: stateOf('kafka', seen),
    registry: stateOf('registry', seen),
    ...(unserved.length > 0 ? {connectors: {up: false, detail: unserved.map(reasonOf).join('; ')}} : {}),
  };
  const closed = unserved.map(({name, reason}) => [name, {gate: 'shut' as const, detail: reason}] as const);
  return {dependencies, targets: Object.fromEntries([...targets, ...closed])};
}

const reasonOf = ({name, reason}: Unserved): string => `${name} is not served: ${reason}`;

function stateOf(service: Trouble['waitsFor'], seen: readonly Seen[]): {up: boolean; detail?: string} {
  const waiting = seen.flatMap(({name, troubles}) =>
    troubles
      .filter(({waitsFor}) => waitsFor === service)
      .map(({message, reason}) => `${name}: ${message}${reason === undefined ? '' : ` (${reason})`}`),
  );
  // Partitions wait for one thing each: it is said once.
  return waiting.length === 0 ? {up: true} : {up: false, detail: [...new Set(waiting)].join('; ')};
}
