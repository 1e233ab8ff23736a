import type {AuditRecord} from '../../src/core/audit.ts';
import {outcomes, type Outcome} from '../../src/core/change.ts';

/** Where each event stands at one target: by partition and offset, what was decided of it last. */
export type Standing = ReadonlyMap<string, AuditRecord>;

/** The decisions in an audit file as far as it is written; a last line without its end is still being written. */
export function readAudit(text: string): AuditRecord[] {
  return text
    .split('\n')
    .slice(0, -1)
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditRecord)
    .filter((record) => 'outcome' in record);
}

/**
 * The last decision on each event at a target. A membership change that was parked is told with its group's next members,
 * which another event may have brought, or none: that decision is the last on it too.
 */
export function standingOf(records: readonly AuditRecord[], target: string): Standing {
  const standing = new Map<string, AuditRecord>();
  for (const record of records) {
    if (record.target !== target) continue;
    if (record.members || record.offset === undefined) settleParked(standing, record);
    if (record.offset !== undefined) standing.set(`${record.partition}:${record.offset}`, record);
  }
  return standing;
}

function settleParked(standing: Map<string, AuditRecord>, {subject, at, outcome}: AuditRecord): void {
  for (const [place, parked] of standing)
    if (parked.subject === subject && parked.outcome === 'parked')
      standing.set(place, {...parked, at, outcome});
}

/** Whether each of so many records was decided, and no change waits in a lane. */
export const isSettled = (
  records: readonly AuditRecord[],
  metricsText: string,
  target: string,
  published: number,
): boolean =>
  standingOf(records, target).size === published &&
  sumOf(metricsText, 'avroscim_parked_changes', target) === 0;

/** Subjects of dead letters, with the reason in words. */
export const deadOf = (standing: Standing): {subject: string; reason: string}[] =>
  [...standing.values()]
    .filter(({outcome}) => outcome === 'dead')
    .map(({subject, failure}) => ({subject, reason: failure?.message ?? 'no reason'}));

export const countsOf = (standing: Standing): Map<Outcome, number> =>
  new Map(
    outcomes.map((outcome) => [
      outcome,
      [...standing.values()].filter((record) => record.outcome === outcome).length,
    ]),
  );

/** From the event's `occurredAt` to its last decision, milliseconds; none where no event is. */
export function latenciesOf(standing: Standing): {medianMs: number; worstMs: number} | undefined {
  const sorted = [...standing.values()]
    .flatMap(({at, occurredAt}) => (occurredAt === undefined ? [] : [at - occurredAt]))
    .sort((a, b) => a - b);
  const medianMs = sorted[Math.floor(sorted.length / 2)];
  const worstMs = sorted.at(-1);
  return medianMs === undefined || worstMs === undefined ? undefined : {medianMs, worstMs};
}

/** The samples of one metric (Prometheus text) that carry these labels. */
export function samplesOf(
  metricsText: string,
  metric: string,
  labels: Readonly<Record<string, string>>,
): number[] {
  const wanted = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return metricsText
    .split('\n')
    .filter((line) => line.startsWith(`${metric}{`) && wanted.every((label) => line.includes(label)))
    .map((line) => Number(line.slice(line.lastIndexOf(' ') + 1)));
}

const sumOf = (metricsText: string, metric: string, target: string): number =>
  samplesOf(metricsText, metric, {target}).reduce((sum, sample) => sum + sample, 0);

/** Milliseconds for people: `40 ms`, `1.2 s`. */
export const spanOf = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;

/** The line for each target: what became of the events there, and what it took. Outcomes that none had are left out. */
export function tableOf(
  targets: readonly string[],
  records: readonly AuditRecord[],
  metricsText: string,
): string[] {
  const standings = targets.map((target) => ({target, standing: standingOf(records, target)}));
  const counts = standings.map(({standing}) => countsOf(standing));
  const used = outcomes.filter((outcome) => counts.some((count) => (count.get(outcome) ?? 0) > 0));
  const head = ['target', ...used, 'requests', 'median', 'worst', 'dead letters'];
  const rows = standings.map(({target, standing}, at) => {
    const latencies = latenciesOf(standing);
    return [
      target,
      ...used.map((outcome) => String(counts[at]?.get(outcome) ?? 0)),
      String(sumOf(metricsText, 'avroscim_requests_total', target)),
      latencies ? spanOf(latencies.medianMs) : '-',
      latencies ? spanOf(latencies.worstMs) : '-',
      String(sumOf(metricsText, 'avroscim_dead_letters', target)),
    ];
  });
  return alignedLines([head, ...rows]);
}

/** Rows of cells as lines: the first column to the left, the others to the right. */
export function alignedLines(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
}
