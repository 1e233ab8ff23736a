import type {ApiPorts, Asked} from '../../../admin/api/ports.ts';
import {refused, type Answer} from '../../../admin/api/problem.ts';
import type {TargetView} from '../../../admin/api/schema/targets.ts';
import type {Readiness} from '../../../admin/server.ts';
import type {LoadedConfig} from '../../../config/load.ts';
import type {GateState} from '../../../core/gate.ts';
import type {Pause} from '../../../core/pause.ts';
import {createPauses, type PauseStage} from '../../../stages/pauses/index.ts';
import type {Target} from '../../../target.ts';
import type {Stored} from '../../stored/open.ts';
import {actorOf, type Note} from './acts.ts';
import {noTarget} from './pages.ts';
import type {Stores} from './stores.ts';
import {isoOf} from './views.ts';

/** What this process knows of its targets at the moment. */
export interface Process {
  loaded: () => LoadedConfig;
  /** Those that it serves. */
  targets: () => readonly Target[];
  readiness: () => Readiness;
}

/** What only Redis knows of a target. */
type Kept = Pick<TargetView, 'counts' | 'paused'>;

/** The targets over the API. */
export function targetPorts(
  stores: Stores,
  note: Note,
  {loaded, targets, readiness}: Process,
): ApiPorts['targets'] {
  const viewOf = (name: string, kept: Kept | undefined): TargetView => {
    const served = targets().find((one) => one.name === name);
    const connector = loaded().config.targets[name]?.connector ?? '';
    return {name, connector, ...(served && {serving: servingOf(served)}), ...kept};
  };
  const names = (): string[] => Object.keys(loaded().config.targets);
  return {
    async list() {
      const kept = await stores.ask(async (all) => {
        const each = [...all.values()].map(async (stored) => [stored.target, await keptOf(stored)] as const);
        return {ok: true, value: new Map(await Promise.all(each))};
      });
      const {dependencies} = readiness();
      const found = kept.ok ? kept.value : undefined;
      return {targets: names().map((name) => viewOf(name, found?.get(name))), dependencies};
    },
    async read(name) {
      if (!names().includes(name)) return refused(noTarget(names(), name));
      const kept = await stores.ask(async (all) => {
        const stored = all.get(name);
        return {ok: true, value: stored && (await keptOf(stored))};
      });
      return {ok: true, value: viewOf(name, kept.ok ? kept.value : undefined)};
    },
    ...pausing(stores, note, viewOf),
  };
}

function pausing(
  stores: Stores,
  note: Note,
  viewOf: (name: string, kept: Kept) => TargetView,
): Pick<ApiPorts['targets'], 'pause' | 'resume'> {
  const change =
    (wanted: boolean) =>
    (name: string, asked: Asked): Promise<Answer<TargetView>> =>
      stores.ask(async (all) => {
        const stored = all.get(name);
        if (!stored) return refused(noTarget([...all.keys()], name));
        const pauses = createPauses(stored);
        const before = await pauses.read();
        if ((before !== undefined) === wanted) return refused(alreadyOf(name, before));
        const noted = await note(asked, [
          {action: wanted ? 'target paused' : 'target resumed', target: name},
        ]);
        if (!noted.ok) return noted;
        const other = await (wanted ? pauseUnlessPaused(pauses, asked) : pauses.resume());
        // Another was faster: what they did stands, and this one is not told that it was theirs.
        if (wanted ? other !== undefined : other === undefined) return refused(alreadyOf(name, other));
        return {ok: true, value: viewOf(name, await keptOf(stored))};
      });
  return {pause: change(true), resume: change(false)};
}

/** The pause of another that stands there already. */
async function pauseUnlessPaused(pauses: PauseStage, asked: Asked): Promise<Pause | undefined> {
  const {pause, isNew} = await pauses.pause(actorOf(asked), asked.reason);
  return isNew ? undefined : pause;
}

const alreadyOf = (name: string, pause: Pause | undefined) => {
  const state = pause ? `paused by ${pause.by} since ${isoOf(pause.at)}` : 'not paused';
  return {kind: 'wrong-state', detail: `${name} is ${state}.`, state} as const;
};

function servingOf(target: Target): NonNullable<TargetView['serving']> {
  const {gate, source} = target;
  const {window, partitions} = target.ownFigures();
  const waitsFor = source
    .troubles()
    .map(({message, reason}) => (reason === undefined ? message : `${message} (${reason})`));
  return {
    gate: gateView(gate.state),
    window,
    lag: partitions.map(({topic, partition, lag: records}) => ({topic, partition, lag: records})),
    waitsFor: [...new Set(waitsFor)],
  };
}

function gateView(state: GateState): NonNullable<TargetView['serving']>['gate'] {
  switch (state.state) {
    case 'open':
      return {state: 'open'};
    case 'waiting':
      return {state: 'waiting', detail: 'the target asked for patience', until: isoOf(state.untilMs)};
    case 'shut': {
      const {cause, message, sinceMs, probeAtMs} = state;
      // A target that a person has paused is not probed.
      const until = Number.isFinite(probeAtMs) ? {until: isoOf(probeAtMs)} : {};
      return {state: 'shut', cause, detail: message, since: isoOf(sinceMs), ...until};
    }
    default:
      return state satisfies never;
  }
}

async function keptOf(stored: Stored): Promise<Kept> {
  const [pause, counts] = await Promise.all([createPauses(stored).read(), countsOf(stored)]);
  return {counts, ...(pause && {paused: {...pause, at: isoOf(pause.at)}})};
}

async function countsOf({lanes, letters, holds}: Stored): Promise<NonNullable<TargetView['counts']>> {
  const [counts, causes, held] = await Promise.all([lanes.counts(), letters.counts(), holds.count()]);
  const {parked, lanes: waiting, openCutOffs, oldestParkedAt, oldestCutOffAt} = counts;
  return {
    ...{parked, lanes: waiting, openCutOffs, held, causes},
    ...(oldestParkedAt !== undefined && {oldestParkedAt: isoOf(oldestParkedAt)}),
    ...(oldestCutOffAt !== undefined && {oldestCutOffAt: isoOf(oldestCutOffAt)}),
    deadLetters: Object.values(causes).reduce((sum, count) => sum + count, 0),
  };
}
