/** A metric, of the targets that were chosen. */
export const of = (metric: string, more = ''): string => `avroscim_${metric}{target=~"$target"${more}}`;
/** One value a target, of all its replicas. */
export const byTarget = (metric: string, how: 'max' | 'min' | 'sum' = 'max', more = ''): string =>
  `${how} by (target) (${of(metric, more)})`;
/** How fast it rises, a second. */
export const rate = (metric: string, by: string, more = ''): string =>
  `sum by (${by}) (rate(${of(metric, more)}[$__rate_interval]))`;
/** So large a share of what was seen took no longer. */
export const quantile = (share: number, histogram: string, by = 'target'): string =>
  `histogram_quantile(${share}, ${rate(`${histogram}_bucket`, `le, ${by}`)})`;
