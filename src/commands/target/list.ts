import type {LoadedConfig} from '../../config/load.ts';
import type {Pause} from '../../core/pause.ts';
import {createPauses} from '../../stages/pauses/index.ts';
import type {Command, CommandContext, ExitCode} from '../command.ts';
import {targetOption, withStored, type Stored} from '../stored/open.ts';
import {tableOf, timeOf} from '../stored/table.ts';
import {pauseText} from '../target.ts';
import {readLags, type Lags} from './lag.ts';
import {readGates, serviceAddress, type Gated} from './service.ts';

/** `target list`: each target's gate, and how much waits, and where. */
export const targetList: Command = {
  name: 'target list',
  describe: 'each target: its gate, whether it is paused, records that wait in Kafka, parked, held, letters',
  options: [targetOption],
  run: (context) => withStored(context, (stores, loaded) => list(context, stores, loaded)),
};

interface Row {
  target: string;
  connector: string;
  /** Absent where no service answers. */
  gate?: string;
  detail?: string;
  paused?: Pause;
  /** Absent where Kafka does not answer. */
  lag?: number;
  parked: number;
  openCutOffs: number;
  held: number;
  letters: number;
}

async function list(
  context: CommandContext,
  stores: readonly Stored[],
  loaded: LoadedConfig,
): Promise<ExitCode> {
  const {config} = loaded;
  const names = stores.map(({target}) => target);
  const [gates, lags] = await Promise.all([readGates(config.admin), readLags(config, names, context.signal)]);
  const rows = await Promise.all(
    stores.map(async (stored): Promise<Row> => {
      const {target} = stored;
      const connector = config.targets[target]?.connector ?? '';
      return {target, connector, ...(await storedOf(stored, gates?.get(target))), ...lagOf(lags, target)};
    }),
  );
  const notes = [
    ...(gates ? [] : [`no service answers at ${serviceAddress(config.admin)}: its gates are not known`]),
    ...(lags.ok ? [] : [`Kafka does not answer: ${lags.reason}: what waits there is not known`]),
  ];
  print(context, rows, notes);
  return 0;
}

const lagOf = (lags: Lags, target: string): {lag?: number} => {
  const lag = lags.ok ? lags.lags.get(target) : undefined;
  return lag === undefined ? {} : {lag};
};

async function storedOf(
  stored: Stored,
  gated: Gated | undefined,
): Promise<Omit<Row, 'target' | 'connector'>> {
  const {lanes, holds, letters} = stored;
  const [pause, {parked, openCutOffs}, held, causes] = await Promise.all([
    createPauses(stored).read(),
    lanes.counts(),
    holds.count(),
    letters.counts(),
  ]);
  const dead = Object.values(causes).reduce((sum, count) => sum + count, 0);
  return {...gated, ...(pause ? {paused: pause} : {}), parked, openCutOffs, held, letters: dead};
}

function print({json, print: line, complain}: CommandContext, rows: readonly Row[], notes: string[]): void {
  if (json) {
    const targets = rows.map(({paused, ...row}) => ({
      ...row,
      paused: paused ? {...paused, at: timeOf(paused.at)} : null,
    }));
    line(JSON.stringify({targets, notes}, null, 2));
    return;
  }
  const head = ['target', 'connector', 'gate', 'lag', 'parked', 'cut-offs open', 'held', 'letters', 'detail'];
  for (const text of tableOf(head, rows.map(cellsOf))) line(text);
  for (const note of notes) complain(note);
}

function cellsOf(row: Row): string[] {
  const {target, connector, gate = '?', lag = '?', parked, openCutOffs, held, letters} = row;
  const counts = [lag, parked, openCutOffs, held, letters].map(String);
  // What a person has said shows at once, before a service has heard of it.
  const detail = row.paused ? pauseText(row.paused) : (row.detail ?? '');
  return [target, connector, row.paused ? 'paused' : gate, ...counts, detail];
}
