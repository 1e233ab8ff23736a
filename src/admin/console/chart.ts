import {html, type Html} from './html.ts';
import type {Figures} from './figures.ts';
import type {Sample} from './history.ts';
import {numberText} from './words.ts';

/** A value over time; undefined where it was not known. */
export interface Point {
  at: number;
  value: number | undefined;
}

const width = 300;
const height = 72;
const room = 4;

/** A line over time as SVG, with its figures in words below. */
export function lineChart(title: string, points: readonly Point[]): Html {
  const known = points.flatMap(({value}) => (value === undefined ? [] : [value]));
  const last = points.at(-1)?.value;
  if (known.length < 2)
    return html`<figure class="chart">
      <figcaption>
        <b>${title}</b> ${last === undefined ? 'no figures yet' : `${numberText(last)} now`}
      </figcaption>
    </figure>`;
  const most = Math.max(...known);
  const now = last === undefined ? 'not known' : numberText(last);
  const told = `${now} now, ${numberText(most)} at most`;
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
  const summed = (of: (figures: Figures) => number | undefined): Point[] =>
    samples.map(({at, targets}) => {
      const chosen = [...targets].filter(([name]) => target === undefined || name === target);
      const values = chosen.map(([, figures]) => of(figures)).filter((value) => value !== undefined);
      return {at, value: values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0)};
    });
  const gauge = (title: string, name: Gauge): Html =>
    lineChart(
      title,
      summed((figures) => figures[name]),
    );
  return html`<div class="charts">
    ${lineChart('Changes a minute', perMinute(summed(({settled}) => settled)))}
    ${gauge('Records behind', 'lag')} ${gauge('Parked changes', 'parked')} ${gauge('Held leaves', 'held')}
    ${gauge('Dead letters', 'deadLetters')}
  </div>`;
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
