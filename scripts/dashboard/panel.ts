/** One chart: what it asks, and how its values are shown. */
export interface Panel {
  title: string;
  /** Said behind the title: what it means when it is not as it should be. */
  about?: string;
  kind: 'stat' | 'timeseries' | 'table';
  unit: 's' | 'short' | 'reqps' | 'bytes' | 'dateTimeFromNow' | 'percentunit';
  /** In twenty-fourths of the page. */
  width: 4 | 6 | 8 | 12;
  queries: readonly (readonly [expression: string, legend: string])[];
  /** From this value on it is red. */
  redFrom?: number;
  isStacked?: boolean;
}
