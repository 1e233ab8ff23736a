import type {TargetView} from '../../api/schema/targets.ts';
import {actionLink} from '../actions/index.ts';
import {charts} from '../chart.ts';
import {address, html, type Html} from '../html.ts';
import {notice} from '../notice.ts';
import {facts, table} from '../table.ts';
import {viewOf, type Page, type Seen} from '../view.ts';
import {numberText, time} from '../words.ts';
import {behind, gate, latency} from './overview.ts';

/** One target. */
export const target: Page = async (seen) => {
  const {name = ''} = seen.fields;
  const view = await viewOf(`Target ${name}`, seen.api.targets.read(name), (found) => show(found, seen));
  return {...view, isLive: true};
};

function show(found: TargetView, seen: Seen): Html {
  const {name, connector, counts, serving, paused} = found;
  const {now, history} = seen;
  const samples = history.samples();
  return html`<h1>Target ${name}</h1>
    ${!counts && notice('alert', 'Redis does not answer: what is parked, held and dead is not known.')}
    ${facts([
      ['Connector', connector],
      ['Gate', gate(found, now)],
      ['Paused', paused?.reason !== undefined && `because: ${paused.reason}`],
      ['Records behind', behind(serving)],
      ['Read, not settled', serving && numberText(serving.window)],
      ['Latency', latency(samples, name, (figures) => figures.latency)],
      ['Leavers’ latency', latency(samples, name, ({leavers}) => leavers)],
      ...(counts ? countFacts(name, counts, now) : []),
    ])}
    <div class="actions">${actionLink(seen, paused ? 'resume-target' : 'pause-target', {target: name})}</div>
    ${waits(serving)}
    <h2>The last hour</h2>
    ${charts(samples, name)} ${serving && lag(serving)}`;
}

const countFacts = (target: string, counts: NonNullable<TargetView['counts']>, now: number) =>
  [
    [
      'Open cut-offs',
      html`${numberText(counts.openCutOffs)}${counts.oldestCutOffAt && [', the oldest ', time(counts.oldestCutOffAt, now)]}`,
    ],
    [
      'Parked changes',
      html`<a href="${address('/lanes', {target})}">${numberText(counts.parked)}</a
        >${counts.oldestParkedAt && [', failing since ', time(counts.oldestParkedAt, now)]}`,
    ],
    ['Held leaves', html`<a href="${address('/holds', {target})}">${numberText(counts.held)}</a>`],
    [
      'Dead letters',
      html`<a href="${address('/dead-letters', {target})}">${numberText(counts.deadLetters)}</a>`,
    ],
  ] as const;

const waits = (serving: TargetView['serving']): Html | undefined =>
  serving && serving.waitsFor.length > 0
    ? notice(
        'warning',
        html`<strong>Reading waits:</strong>
          <ul>
            ${serving.waitsFor.map((why) => html`<li>${why}</li>`)}
          </ul>`,
      )
    : undefined;

const lag = ({lag: rows}: NonNullable<TargetView['serving']>): Html =>
  table({
    caption: 'Partitions of this process',
    rows,
    none: 'No partition is assigned to this process.',
    columns: [
      {head: 'Partition', cell: ({topic, partition}) => `${topic} ${partition}`},
      {head: 'Records behind', cell: ({lag: records}) => numberText(records), isNumber: true},
    ],
  });
