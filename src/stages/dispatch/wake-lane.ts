import type {DispatchContext} from './context.ts';
import type {Queues} from './queues.ts';

const shutDelayMs = 1000;

/**
 * A lane was woken, and a cut-off stood at its front or did not: resolves when its head was turned, or when it may not be tried now and is to be looked at again later. While
 * the target asks for patience, a cut-off goes all the same, as soon as the gate lets one through.
 */
export async function wakeLane(
  {gate, lanes, random}: Pick<DispatchContext, 'gate' | 'lanes' | 'random'>,
  queues: Pick<Queues, 'lane'>,
  subject: string,
  startsWithCutOff: boolean,
): Promise<void> {
  for (;;) {
    const isCutOff = gate.opensLanes ? startsWithCutOff : (await lanes.head(subject))?.kind === 'cutOff';
    const {opensLanes, cutOffsWaitMs, closedForMs} = gate;
    if (!opensLanes && !(isCutOff && cutOffsWaitMs === 0)) {
      const waitMs = isCutOff && cutOffsWaitMs !== undefined ? cutOffsWaitMs : closedForMs;
      // The time of a closed gate does not count: it is looked at again, unchanged, and not all lanes at once.
      return lanes.putOff(subject, Math.ceil(waitMs + shutDelayMs * (1 + random())));
    }
    if ((await queues.lane(subject, isCutOff)) === 'turned') return;
  }
}
