import {html, type Html} from './html.ts';
import {quantile, type Buckets, type Figures} from './figures.ts';
import type {Sample} from './history.ts';
import {numberText, spanText} from './words.ts';

/** A value over time; undefined where it was not known. */
export interface Point {
  at: number;
  value: number | undefined;
}

const width = 300;
const height = 72;
const room = 4;

/** How the figures of a chart are told. */
interface Told {
  text: (value: number) => string;
  /** Where the last is not there. */
  absent: string;
}

const numbers: Told = {text: numberText, absent: 'not known'};
const spans: Told = {text: spanText, absent: 'none'};

/** A line over time as SVG, with its figures in words below. */
export function lineChart(title: string, points: readonly Point[], {text, absent}: Told = numbers): Html {
  const known = points.flatMap(({value}) => (value === undefined ? [] : [value]));
  const last = points.at(-1)?.value;
  if (known.length < 2)
    return html`<figure class="chart">
      <figcaption><b>${title}</b> ${last === undefined ? 'no figures yet' : `${text(last)} now`}</figcaption>
    </figure>`;
  const most = Math.max(...known);
  const now = last === undefined ? absent : text(last);
  const told = `${now} now, ${text(most)} at most`;
  return html`<figure class="chart">
    <svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title} over the last hour: ${told}">
      <line class="axis" x1="0" y1="${height - room}" x2="${width}" y2="${height - room}"></line>
      ${lines(points, most).map((line) => html`<polyline class="line" points="${line}"></polyline>`)}
    </svg>
    <figcaption><b>${title}</b> ${told}</figcaption>
  </figure>`;
}

/** One line for each run of values that are known. */
function lines(points: readonly Point[], most: number): string[] {
  const from = points[0]?.at ?? 0;
  const span = Math.max(1, (points.at(-1)?.at ?? 0) - from);
  const runs: string[][] = [[]];
  for (const {at, value} of points) {
    if (value === undefined) runs.push([]);
    else {
      const x = ((at - from) / span) * width;
      const y = height - room - (value / Math.max(most, 1)) * (height - 2 * room);
      runs.at(-1)?.push(`${x.toFixed(1)},${y.toFixed(1)}`);
    }
  }
  return runs.filter((run) => run.length > 1).map((run) => run.join(' '));
}

type Gauge = 'lag' | 'parked' | 'held' | 'deadLetters';

/** The charts of one target, or of all together. */
export function charts(samples: readonly Sample[], target?: string): Html {
  const chosen = samples.map(({at, targets}) => ({
    at,
    figures: [...targets].flatMap(([name, one]) => (target === undefined || name === target ? [one] : [])),
  }));
  const summed = (of: (figures: Figures) => number | undefined): Point[] =>
    chosen.map(({at, figures}) => {
      const values = figures.map(of).filter((value) => value !== undefined);
      return {at, value: values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0)};
    });
  const slowest = (title: string, of: (figures: Figures) => Buckets): Html =>
    lineChart(title, lately(chosen.map(({at, figures}) => ({at, counts: figures.map(of)}))), spans);
  const gauge = (title: string, name: Gauge): Html =>
    lineChart(
      title,
      summed((figures) => figures[name]),
    );
  return html`<div class="charts">
    ${lineChart('Changes a minute', perMinute(summed(({settled}) => settled)))}
    ${gauge('Records behind', 'lag')} ${gauge('Parked changes', 'parked')} ${gauge('Held leaves', 'held')}
    ${gauge('Dead letters', 'deadLetters')} ${slowest('Latency', ({latency}) => latency)}
    ${slowest('Leavers’ latency', ({leavers}) => leavers)}
  </div>`;
}

/** Of how many samples a latency is: five minutes, in which one leaver shows. */
const latelySamples = 20;

/** What 95 of 100 stayed under of those that were observed lately, in seconds. */
function lately(samples: readonly {at: number; counts: readonly Buckets[]}[]): Point[] {
  const totals = samples.map(({at, counts}) => ({at, total: totalOf(counts)}));
  return totals.map(({at, total}, i) => {
    const from = totals[Math.max(0, i - latelySamples)]?.total ?? total;
    const seconds = quantile(from, total, 0.95);
    // Beyond the last bound nothing is known but that.
    const longest = Math.max(0, ...[...total.keys()].filter(Number.isFinite));
    return {at, value: seconds === undefined ? undefined : Math.min(seconds, longest)};
  });
}

function totalOf(counts: readonly Buckets[]): Buckets {
  const total = new Map<number, number>();
  for (const [bound, count] of counts.flatMap((one) => [...one]))
    total.set(bound, (total.get(bound) ?? 0) + count);
  return total;
}

/** How fast a count has grown between two samples. */
function perMinute(points: readonly Point[]): Point[] {
  return points.slice(1).map(({at, value}, i) => {
    const before = points[i];
    if (value === undefined || before?.value === undefined) return {at, value: undefined};
    const minutes = (at - before.at) / 60_000;
    return {at, value: Math.max(0, Math.round((value - before.value) / Math.max(minutes, 1e-3)))};
  });
}
