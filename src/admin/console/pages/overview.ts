import type {TargetsView, TargetView} from '../../api/schema/targets.ts';
import {charts} from '../chart.ts';
import {quantile, type Figures} from '../figures.ts';
import type {Sample} from '../history.ts';
import {address, html, type Html, type Part} from '../html.ts';
import {notice} from '../notice.ts';
import {table} from '../table.ts';
import type {Page} from '../view.ts';
import {numberText, spanText, time} from '../words.ts';

/** All targets at a glance. */
export const overview: Page = async ({api, history, now}) => {
  const listed = await api.targets.list();
  const samples = history.samples();
  return {
    title: 'Overview',
    isLive: true,
    body: html`<h1>Overview</h1>
      ${services(listed)} ${targets(listed.targets, samples, now)}
      <h2>The last hour</h2>
      <p class="muted">
        Of this process, since it has started, looked at every 15 s. Latencies are what 95 of 100 stayed
        under: in the table of all that time, in the charts of five minutes.
      </p>
      ${charts(samples)}`,
  };
};

/** What does not answer, and what that means for the page. */
function services({dependencies, targets: all}: TargetsView): Part {
  const down = Object.entries(dependencies).filter(([, {up}]) => !up);
  // The counts' own connection may be the first to notice.
  const isCounted = all.length === 0 || all.some(({counts}) => counts);
  if (down.length === 0 && isCounted) return undefined;
  const items = down.map(
    ([name, {detail}]) => html`<li>${name}${detail !== undefined && `: ${detail}`}</li>`,
  );
  return notice(
    'alert',
    html`${
      down.length > 0 &&
      html`<strong>Does not answer:</strong>
        <ul>
          ${items}
        </ul>`
    }
    ${!isCounted && uncounted}`,
  );
}

const uncounted = html`<p>
  Without Redis nobody knows what is parked, held or dead; nothing is lost meanwhile, as nothing is committed
  to Kafka.
</p>`;

const targets = (rows: readonly TargetView[], samples: readonly Sample[], now: number): Html =>
  table({
    caption: 'Targets',
    rows,
    none: 'The config names no target.',
    columns: [
      {head: 'Target', cell: ({name}) => html`<a href="${address('/target', {name})}">${name}</a>`},
      {head: 'Gate', cell: (row) => gate(row, now)},
      {head: 'Behind', cell: ({serving}) => behind(serving), isNumber: true},
      {head: 'Latency', cell: ({name}) => latency(samples, name, ({latency}) => latency), isNumber: true},
      {
        head: 'Leavers’ latency',
        cell: ({name}) => latency(samples, name, ({leavers}) => leavers),
        isNumber: true,
      },
      {head: 'Open cut-offs', cell: ({counts}) => urgent(counts?.openCutOffs), isNumber: true},
      {
        head: 'Parked',
        cell: ({name, counts}) => linked(counts?.parked, address('/lanes', {target: name})),
        isNumber: true,
      },
      {
        head: 'Held',
        cell: ({name, counts}) => linked(counts?.held, address('/holds', {target: name})),
        isNumber: true,
      },
      {
        head: 'Dead letters',
        cell: ({name, counts}) => linked(counts?.deadLetters, address('/dead-letters', {target: name})),
        isNumber: true,
      },
    ],
  });

/** Whether it may be called, and why not. */
export function gate({serving, paused}: TargetView, now: number): Html {
  if (paused) return html`<span class="bad">paused</span> by ${paused.by}, ${time(paused.at, now)}`;
  if (!serving) return html`<span class="muted">not served by this process</span>`;
  const {state, cause, detail, until} = serving.gate;
  if (state === 'open') return html`<span class="good">open</span>`;
  const why = [cause, detail].filter(Boolean).join(': ');
  return html`<span class="bad">${state}</span
    >${why && `: ${why}`}${until && [', until ', time(until, now)]}`;
}

/** How many records lie before it. */
export const behind = (serving: TargetView['serving']): string =>
  serving === undefined ? '–' : numberText(serving.lag.reduce((sum, {lag}) => sum + lag, 0));

const linked = (count: number | undefined, href: string): Part =>
  count === undefined ? '–' : count === 0 ? '0' : html`<a href="${href}">${numberText(count)}</a>`;

const urgent = (count: number | undefined): Part =>
  count === undefined ? '–' : count === 0 ? '0' : html`<span class="bad">${numberText(count)}</span>`;

const nothing: ReadonlyMap<number, number> = new Map();

/** What 95 of 100 changes since the first sample stayed under. */
export function latency(
  samples: readonly Sample[],
  target: string,
  of: (figures: Figures) => ReadonlyMap<number, number>,
): string {
  const [from, to] = [samples[0], samples.at(-1)].map((sample) => sample?.targets.get(target));
  const seconds = quantile(from ? of(from) : nothing, to ? of(to) : nothing, 0.95);
  return seconds === undefined ? '–' : spanText(seconds);
}
