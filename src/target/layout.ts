import type {Logger} from '../core/connector.ts';
import {createDeadLetters} from '../stages/dead-letters/index.ts';
import {createLayout, currentLayout, unnumbered, type LayoutOptions} from '../stages/layout/index.ts';
import {targetPrefix} from '../stages/state/index.ts';

/**
 * Takes one target's data from a layout to the next. It may be stopped in the middle and begun again, and two processes may
 * do it at once.
 */
export type Migration = (where: LayoutOptions, signal: AbortSignal) => Promise<void>;

/** By the layout that each starts from. */
export type Migrations = ReadonlyMap<number, Migration>;

/** The dead letters of 0.1.0 stand in no group. */
const enroll: Migration = async (where, signal) => {
  await createDeadLetters(where).enroll(signal);
};

const ownMigrations: Migrations = new Map([[unnumbered, enroll]]);

interface Opening extends Omit<LayoutOptions, 'target'> {
  targets: readonly string[];
  signal: AbortSignal;
  log?: Pick<Logger, 'info'>;
}

/** The layout of this program, and how to reach it; others in a test. */
export interface Known {
  current: number;
  migrations: Migrations;
}

/**
 * To be asked before anything else is read or written: takes each target's data to this program's layout, once all may be
 * used. Resolves to what stands against that, in words, and then has changed nothing; rejects when Redis fails.
 */
export async function openLayouts(
  {targets, signal, log, ...at}: Opening,
  known: Known = {current: currentLayout, migrations: ownMigrations},
): Promise<string[]> {
  const found = await Promise.all(targets.map((target) => createLayout({...at, target}).read()));
  const objections = targets.flatMap((target, i) => objectionTo(at.prefix, target, found[i], known.current));
  if (objections.length > 0) return objections;
  for (const target of targets) await bring({...at, target}, signal, known, log);
  return [];
}

/** What stands against data in this layout; `undefined` is none. */
export function objectionTo(
  prefix: string,
  target: string,
  found: number | undefined,
  current = currentLayout,
): string[] {
  if (found === undefined || (Number.isInteger(found) && found >= 0 && found <= current)) return [];
  const where = `under ${targetPrefix(prefix, target)} in Redis`;
  return [
    `expected data in layout ${current} or older ${where}, found layout ${found}: a newer version wrote it; ` +
      'run that version, or restore the Redis from before the upgrade (docs/upgrades.md)',
  ];
}

async function bring(
  where: LayoutOptions,
  signal: AbortSignal,
  {current, migrations}: Known,
  log?: Pick<Logger, 'info'>,
): Promise<void> {
  const layout = createLayout(where);
  for (let at = await layout.open(current); at < current;) {
    const migrate = migrations.get(at);
    if (migrate === undefined) throw new Error(`no migration starts from layout ${at}`);
    await migrate(where, signal);
    if (signal.aborted) return;
    log?.info({target: where.target, from: at, to: at + 1}, 'the data in Redis was migrated');
    at = await layout.move(at, at + 1);
  }
}
