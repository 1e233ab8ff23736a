import type {Metrics} from '../admin/metrics.ts';
import type {Audit, AuditRecord} from '../core/audit.ts';
import type {Outcome} from '../core/change.ts';

/**
 * Counts the changes of one target. One that is applied, or so already, is true at the target then: the time since its
 * event is its latency.
 */
export const counter =
  (metrics: Pick<Metrics, 'change' | 'latency'>, target: string, now: () => number) =>
  (outcome: Outcome, occurredAt: number): void => {
    metrics.change(target, outcome);
    if (outcome !== 'applied' && outcome !== 'unchanged') return;
    metrics.latency(target, secondsSince(occurredAt, now()));
  };

/**
 * An audit that counts the receipts which go through it: only a leave that was carried out and read back has one, not later
 * news of somebody who left, nor a group that is gone, nor a cut-off that is finished when its person is back.
 */
export function countReceipts(
  inner: Audit,
  metrics: Pick<Metrics, 'cutOffLatency'>,
  now: () => number,
): Audit {
  return {
    async append(records) {
      await inner.append(records);
      for (const record of records) {
        const {occurredAt, target} = record;
        if (occurredAt !== undefined && isCutOff(record))
          metrics.cutOffLatency(target, secondsSince(occurredAt, now()));
      }
    },
  };
}

const isCutOff = ({outcome, did, receipt}: AuditRecord): boolean =>
  outcome === 'applied' && did === 'cut off' && receipt?.complete === true;

const secondsSince = (at: number, now: number): number => Math.max(0, (now - at) / 1000);
