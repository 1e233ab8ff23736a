import type {Metrics} from '../admin/metrics.ts';
import type {DispatchContext} from '../stages/dispatch/context.ts';

/**
 * Counts the changes of one target. One that is applied, or so already, is true at the target then: the time since its
 * event is its latency. Only a cut-off that was carried out has a receipt.
 */
export const counter =
  (
    metrics: Pick<Metrics, 'change' | 'latency' | 'cutOffLatency'>,
    target: string,
    now: () => number,
  ): DispatchContext['count'] =>
  (outcome, occurredAt, isCutOff) => {
    metrics.change(target, outcome);
    if (outcome !== 'applied' && outcome !== 'unchanged') return;
    const seconds = Math.max(0, (now() - occurredAt) / 1000);
    metrics.latency(target, seconds);
    if (isCutOff && outcome === 'applied') metrics.cutOffLatency(target, seconds);
  };
