/** How many observations took at most so many seconds, by bound; counted from the process's start. */
export type Buckets = ReadonlyMap<number, number>;

/** What the process's metrics say of one target. What is shared is absent while Redis does not answer. */
export interface Figures {
  /** Changes settled since the process has started. */
  settled: number;
  lag?: number;
  parked?: number;
  held?: number;
  deadLetters?: number;
  latency: Buckets;
  /** From a leave to its verified receipt. */
  leavers: Buckets;
}

interface Filled extends Figures {
  latency: Map<number, number>;
  leavers: Map<number, number>;
}

/** What to do with a sample of each metric. */
const takers: Readonly<Record<string, (figures: Filled, value: number, bound: number) => void>> = {
  changes_total: (to, value) => (to.settled += value),
  lag_records: (to, value) => (to.lag = (to.lag ?? 0) + value),
  parked_changes: (to, value) => (to.parked = value),
  held_changes: (to, value) => {
    to.held = value;
    // A cause without letters has no sample.
    to.deadLetters ??= 0;
  },
  dead_letters: (to, value) => (to.deadLetters = (to.deadLetters ?? 0) + value),
  change_latency_seconds_bucket: (to, value, bound) => to.latency.set(bound, value),
  cutoff_latency_seconds_bucket: (to, value, bound) => to.leavers.set(bound, value),
};

/** Reads the figures of each target from the process's own metrics, in Prometheus's text. */
export function readFigures(text: string): ReadonlyMap<string, Figures> {
  const found = new Map<string, Filled>();
  for (const [, name = '', labels = '', value] of text.matchAll(/^avroscim_(\w+)\{(.*)\} (\S+)$/gm)) {
    const take = takers[name];
    const target = label(labels, 'target');
    if (!take || target === undefined) continue;
    const figures = found.get(target) ?? {settled: 0, latency: new Map(), leavers: new Map()};
    found.set(target, figures);
    const bound = label(labels, 'le');
    take(figures, Number(value), bound === '+Inf' ? Infinity : Number(bound));
  }
  return found;
}

const label = (labels: string, name: string): string | undefined =>
  new RegExp(`(?:^|,)${name}="((?:[^"\\\\]|\\\\.)*)"`).exec(labels)?.[1];

/** What so large a part of the observations between two readings stayed under, in seconds; undefined when there were none. */
export function quantile(from: Buckets, to: Buckets, part: number): number | undefined {
  const grown = [...to]
    .sort(([a], [b]) => a - b)
    .map(([bound, count]) => [bound, count - (from.get(bound) ?? 0)] as const);
  const total = grown.at(-1)?.[1] ?? 0;
  if (total <= 0) return undefined;
  let below = 0;
  let least = 0;
  for (const [bound, count] of grown) {
    if (count >= part * total) {
      if (bound === Infinity) return Infinity;
      return least + ((bound - least) * (part * total - below)) / Math.max(1, count - below);
    }
    below = count;
    least = bound;
  }
  return Infinity;
}
