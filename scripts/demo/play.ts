import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {Outcome} from '../../src/core/change.ts';
import type {Day, Step, TargetName} from './calendar.ts';
import {targetNames} from './calendar.ts';
import type {DemoEvent} from './company.ts';
import {countsOf, isSettled, samplesOf, standingOf} from './report.ts';
import type {Demo} from './setup.ts';
import type {Produced} from '../services/topic.ts';

/** What was published, what the targets were told to refuse, and which keys stood over bytes that are no event. */
export interface Played {
  events: DemoEvent[];
  records: number;
  refused: Record<TargetName, Set<string>>;
  undecodable: Set<string>;
}

const dayDeadlineMs = 60_000;
/** Long enough for any demo; it is ended by hand. */
const outageSeconds = 3600;

/** Publishes a day after the other, each when the targets that are up have settled the one before, and tells how it went. */
export async function playMonth(
  demo: Demo,
  days: readonly Day[],
  print: (line: string) => void,
): Promise<Played> {
  const played: Played = {
    events: [],
    records: 0,
    refused: {wiki: new Set(), helpdesk: new Set()},
    undecodable: new Set(),
  };
  const down = new Set<TargetName>();
  for (const day of days) {
    const before = await countsNow(demo);
    for (const step of day.steps) await carryOut(demo, step, down, played);
    const records = day.steps.flatMap((step) => producedOf(step, Date.now()));
    await writeDay(demo.folder, day.number, records);
    await demo.topic.produce(records);
    played.records += records.length;
    const up = demo.names.filter((name) => !down.has(name as TargetName));
    await settled(demo, up, played.records, day.number);
    const after = await countsNow(demo);
    const news = targetNames.map((name) =>
      down.has(name)
        ? `${name}: ${waitingOf(after[name], played.records)}`
        : `${name}: ${newsOf(before[name], after[name])}`,
    );
    print(`day ${String(day.number).padStart(2)}  ${day.headline.padEnd(55)} ${news.join(' · ')}`);
  }
  return played;
}

/** What a step does beside being published. */
async function carryOut(demo: Demo, step: Step, down: Set<TargetName>, played: Played): Promise<void> {
  switch (step.kind) {
    case 'event':
      played.events.push(step.event);
      return;
    case 'bytes':
      played.undecodable.add(step.key);
      return;
    case 'refuse':
      played.refused[step.target].add(step.userName);
      await demo.targets[step.target].control({reject: {userName: step.userName}});
      return;
    case 'outage':
      if (step.begins) down.add(step.target);
      else await isShut(demo, step.target);
      if (!step.begins) down.delete(step.target);
      await demo.targets[step.target].control({
        outage: {answer: 503, seconds: step.begins ? outageSeconds : 0},
      });
      return;
    default:
      step satisfies never;
  }
}

/** Resolves when avro-scim has understood that the target is down: an outage that is over before that shows nothing. */
const isShut = ({program}: Demo, target: TargetName): Promise<void> =>
  program.until(
    `waiting for ${target}'s gate to shut`,
    async () => samplesOf(await program.metrics(), 'avroscim_gate', {target, state: 'shut'}).includes(1),
    dayDeadlineMs,
  );

function producedOf(step: Step, occurredAt: number): Produced[] {
  if (step.kind === 'event') return [{key: step.key, value: {...step.event, occurredAt}}];
  return step.kind === 'bytes' ? [{key: step.key, value: Buffer.from(step.value)}] : [];
}

/** The day's events as lines that `avro-scim publish` takes. */
async function writeDay(folder: string, day: number, records: readonly Produced[]): Promise<void> {
  const lines = records.flatMap(({key, value}) =>
    Buffer.isBuffer(value) ? [] : [`${JSON.stringify({key, value})}\n`],
  );
  await writeFile(join(folder, `day-${String(day).padStart(2, '0')}.jsonl`), lines.join(''));
}

/** Resolves when every record is decided at these targets, and none waits there. */
async function settled(
  {program}: Demo,
  targets: readonly string[],
  records: number,
  day: number,
): Promise<void> {
  const areSettled = async (): Promise<boolean> => {
    const [audit, metrics] = await Promise.all([program.audit(), program.metrics()]);
    return targets.every((name) => isSettled(audit, metrics, name, records));
  };
  await program.until(`waiting for day ${day} to be settled`, areSettled, dayDeadlineMs);
}

type Counts = ReadonlyMap<Outcome, number>;

async function countsNow(demo: Demo): Promise<Record<TargetName, Counts>> {
  const audit = await demo.program.audit();
  const of = (name: TargetName): Counts => countsOf(standingOf(audit, name));
  return {wiki: of('wiki'), helpdesk: of('helpdesk')};
}

const newsOf = (before: Counts, after: Counts): string =>
  [...after]
    .map(([outcome, count]) => ({outcome, news: count - (before.get(outcome) ?? 0)}))
    .filter(({news}) => news > 0)
    .map(({outcome, news}) => `${news} ${outcome}`)
    .join(', ');

/** How many events a target that is down has not decided for good. */
function waitingOf(counts: Counts, records: number): string {
  const decided = [...counts].reduce(
    (sum, [outcome, count]) => (outcome === 'parked' ? sum : sum + count),
    0,
  );
  return `down, ${records - decided} wait`;
}
