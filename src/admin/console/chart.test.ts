import {expect, test} from '@jest/globals';
import {eventually} from '../../../test/support/eventually.ts';
import {charts, lineChart} from './chart.ts';
import {quantile, readFigures} from './figures.ts';
import {createHistory} from './history.ts';
import {pageText} from './html.ts';

const metricsText = (settled: number, fast: number, slow: number): string => `
# HELP avroscim_changes_total Changes settled, by outcome.
avroscim_changes_total{target="wiki",outcome="applied"} ${settled}
avroscim_changes_total{target="wiki",outcome="dead"} 1
avroscim_lag_records{target="wiki",topic="a",partition="0"} 5
avroscim_lag_records{target="wiki",topic="a",partition="1"} 7
avroscim_held_changes{target="wiki"} 2
avroscim_dead_letters{target="wiki",cause="400 \\"}x"} 3
avroscim_dead_letters{target="wiki",cause="409"} 4
avroscim_change_latency_seconds_bucket{le="1",target="wiki"} ${fast}
avroscim_change_latency_seconds_bucket{le="10",target="wiki"} ${fast + slow}
avroscim_change_latency_seconds_bucket{le="+Inf",target="wiki"} ${fast + slow}
process_cpu_seconds_total 3
`;

test('figures are read from the metrics; what is not there is not known', () => {
  const wiki = readFigures(metricsText(10, 1, 0)).get('wiki');
  expect(wiki).toMatchObject({settled: 11, lag: 12, held: 2, deadLetters: 7});
  expect(wiki?.parked).toBeUndefined();
});

test('a quantile is of what was observed between two readings', () => {
  const [from, to] = [metricsText(0, 100, 0), metricsText(0, 100, 20)].map(
    (text) => readFigures(text).get('wiki')?.latency ?? new Map<number, number>(),
  );
  if (!from || !to) throw new Error('both were read');
  expect(quantile(from, to, 0.95)).toBeCloseTo(9.55);
  expect(quantile(new Map(), from, 0.5)).toBeCloseTo(0.5);
  expect(quantile(to, to, 0.95)).toBeUndefined();
  expect(
    quantile(
      new Map(),
      new Map([
        [1, 0],
        [Infinity, 2],
      ]),
      0.5,
    ),
  ).toBe(Infinity);
});

test('latencies over time are of the last five minutes; where nothing was observed the line breaks', () => {
  const seen = [[100, 0], [100, 20], ...Array.from({length: 20}, () => [100, 20])] as const;
  const samples = seen.map(([fast, slow], i) => ({
    at: i * 15_000,
    targets: readFigures(metricsText(0, fast, slow)),
  }));
  const text = pageText(charts(samples));
  expect(text).toContain('Latency over the last hour: none now, 9.6 s at most');
  expect(pageText(charts(samples.slice(0, -1)))).toContain('Latency over the last hour: 9.6 s now');
  expect(text).toContain('<b>Leavers’ latency</b> no figures yet');
});

test('a line breaks where a value was not known, and its figures are said in words', () => {
  const values = [1, 3, undefined, 2, 4];
  const svg = pageText(
    lineChart(
      'Lag',
      values.map((value, i) => ({at: i * 1000, value})),
    ),
  );
  expect(svg.match(/<polyline/g)).toHaveLength(2);
  expect(svg).toContain('Lag over the last hour: 4 now, 4 at most');
  expect(pageText(lineChart('Lag', []))).toContain('no figures yet');
});

test('charts of one target leave the others out', () => {
  const samples = [0, 60_000].map((at) => ({
    at,
    targets: new Map([
      [
        'wiki',
        {settled: at / 1000, lag: 1, latency: new Map<number, number>(), leavers: new Map<number, number>()},
      ],
      ['desk', {settled: 0, lag: 9, latency: new Map<number, number>(), leavers: new Map<number, number>()}],
    ]),
  }));
  expect(pageText(charts(samples, 'wiki'))).toContain('Records behind over the last hour: 1 now');
  expect(pageText(charts(samples))).toContain('Records behind over the last hour: 10 now');
  expect(
    pageText(charts([...samples, {at: 120_000, targets: samples[1]?.targets ?? new Map()}], 'wiki')),
  ).toContain('Changes a minute over the last hour: 0 now, 60 at most');
});

test('metrics that can not be had leave a gap, and the next sample is taken', async () => {
  let asked = 0;
  const history = createHistory({
    metrics: () => {
      asked += 1;
      return asked === 1 ? Promise.reject(new Error('away')) : Promise.resolve(metricsText(1, 0, 0));
    },
    everyMs: 1,
    now: () => asked,
  });
  history.start();
  const first = await eventually(() => history.samples()[0]);
  history.stop();
  expect([first.at, first.targets.get('wiki')?.lag]).toEqual([1, 12]);
});
