import {counters, histograms, ownGauges, sharedGauges, type Definition} from '../src/admin/definitions.ts';

/** One metric of the program, as Prometheus has it. */
export interface Metric extends Definition {
  kind: 'counter' | 'histogram' | 'gauge';
  /** A gauge that is the same from every replica. */
  isShared: boolean;
}

const all = (definitions: Record<string, Definition>, kind: Metric['kind'], isShared = false): Metric[] =>
  Object.values(definitions).map((definition) => ({...definition, kind, isShared}));

/** Every metric of the program's own. */
export const metrics: readonly Metric[] = [
  ...all(counters, 'counter'),
  ...all(histograms, 'histogram'),
  ...all(ownGauges, 'gauge'),
  ...all(sharedGauges, 'gauge', true),
];

/** The names that a query may ask for. */
export const seriesOf = ({name, kind}: Metric): string[] => {
  const full = `avroscim_${name}`;
  return kind === 'histogram' ? [full, `${full}_bucket`, `${full}_sum`, `${full}_count`] : [full];
};

/** The metrics as a Markdown table. */
export const metricTable = (): string => {
  const rows = metrics.map(({name, labels, kind, isShared, help}) => {
    const replicas = isShared ? 'the same from each: take `max`' : 'each its own';
    return `| \`avroscim_${name}{${labels.join(',')}}\` | ${kind} | ${replicas} | ${help} |`;
  });
  return ['| metric | kind | replicas | tells |', '| --- | --- | --- | --- |', ...rows].join('\n');
};
