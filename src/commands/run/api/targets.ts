import type {ApiPorts} from '../../../admin/api/ports.ts';
import {refused} from '../../../admin/api/problem.ts';
import type {TargetView} from '../../../admin/api/schema/targets.ts';
import type {Readiness} from '../../../admin/server.ts';
import type {LoadedConfig} from '../../../config/load.ts';
import type {GateState} from '../../../core/gate.ts';
import type {Target} from '../../../target.ts';
import type {Stored} from '../../stored/open.ts';
import type {Stores} from './stores.ts';
import {isoOf} from './views.ts';

/** What this process knows of its targets at the moment. */
export interface Process {
  loaded: () => LoadedConfig;
  /** Those that it serves. */
  targets: () => readonly Target[];
  readiness: () => Readiness;
}

/** The targets over the API. */
export function targetPorts(stores: Stores, {loaded, targets, readiness}: Process): ApiPorts['targets'] {
  const ownOf = (name: string): TargetView => {
    const served = targets().find((one) => one.name === name);
    const connector = loaded().config.targets[name]?.connector ?? '';
    return {name, connector, ...(served && {serving: servingOf(served)})};
  };
  return {
    async list() {
      const names = Object.keys(loaded().config.targets);
      const counted = await stores.ask(async (all) => {
        const counts = [...all.values()].map(
          async (stored) => [stored.target, await countsOf(stored)] as const,
        );
        return {ok: true, value: new Map(await Promise.all(counts))};
      });
      const {dependencies} = readiness();
      return {
        targets: names.map((name) => {
          const counts = counted.ok ? counted.value.get(name) : undefined;
          return {...ownOf(name), ...(counts && {counts})};
        }),
        dependencies,
      };
    },
    async read(name) {
      const names = Object.keys(loaded().config.targets);
      if (!names.includes(name))
        return refused({
          kind: 'unknown',
          detail: `There is no target ${name}; the config has ${names.join(', ')}.`,
        });
      const counted = await stores.ask(async (all) => {
        const stored = all.get(name);
        return {ok: true, value: stored && (await countsOf(stored))};
      });
      const counts = counted.ok ? counted.value : undefined;
      return {ok: true, value: {...ownOf(name), ...(counts && {counts})}};
    },
  };
}

function servingOf(target: Target): NonNullable<TargetView['serving']> {
  const {gate, source} = target;
  const {window, lag} = target.ownFigures();
  const waitsFor = source
    .troubles()
    .map(({message, reason}) => (reason === undefined ? message : `${message} (${reason})`));
  return {
    gate: gateView(gate.state),
    window,
    lag: lag.map(({topic, partition, lag: records}) => ({topic, partition, lag: records})),
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
      return {state: 'shut', cause, detail: message, since: isoOf(sinceMs), until: isoOf(probeAtMs)};
    }
    default:
      return state satisfies never;
  }
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
