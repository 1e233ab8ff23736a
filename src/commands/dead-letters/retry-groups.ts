import {setTimeout as delay} from 'node:timers/promises';
import type {LoadedConfig} from '../../config/load.ts';
import type {LetterGroup} from '../../stages/dead-letters/index.ts';
import {groupsOfCause} from '../../stages/dead-letters/list.ts';
import type {RetryItem, RetryPreview, RetryProgress} from '../../stages/dead-letters/retries.ts';
import type {CommandContext, ExitCode} from '../command.ts';
import {person} from '../cut-off/person.ts';
import {actionOf} from '../stored/action.ts';
import {confirm} from '../stored/confirm.ts';
import {reasonOf} from '../stored/reason.ts';
import {openForesee} from '../stored/foresee.ts';
import type {Stored} from '../stored/open.ts';
import {printable} from '../stored/table.ts';
import {causeText} from './groups.ts';

/** One group of one target. */
export interface Chosen {
  stored: Stored;
  group: LetterGroup;
}

/** The groups that a cause means: a group's id, a kind of failure, or a cause. */
export const chosenBy = async (stores: readonly Stored[], cause: string): Promise<Chosen[]> =>
  (
    await Promise.all(
      stores.map(async (stored) =>
        groupsOfCause(await stored.retries.groupsOf(), cause).map((group) => ({stored, group})),
      ),
    )
  ).flat();

type Previewed = Chosen & {preview: RetryPreview};

/** Shows what would happen, asks, and then carries the retries out; a service that runs helps, and goes on when this ends. */
export async function retryGroups(
  context: CommandContext,
  chosen: readonly Chosen[],
  loaded: LoadedConfig,
): Promise<ExitCode> {
  const foresee = openForesee(loaded);
  const previewed: Previewed[] = [];
  for (const {stored, group} of chosen) {
    const preview = await stored.retries.previewRetry(group.id, foresee(stored.target));
    if (preview) previewed.push({stored, group, preview});
  }
  if (!context.json)
    for (const one of previewed) for (const line of previewLines(one.preview)) context.print(line);
  const count = previewed.reduce((sum, {preview}) => sum + preview.count, 0);
  if (!(await confirm(context, count, 'retry dead letters:'))) return 2;
  const started = [];
  for (const one of previewed) if (await start(context, one)) started.push(one);
  const ends = await Promise.all(started.map((one) => follow(context, one)));
  if (context.json) context.print(JSON.stringify({retries: ends}, null, 2));
  const isWhole = ends.every(({state, refused}) => state === 'done' && refused === 0);
  return isWhole && started.length === previewed.length ? 0 : 1;
}

const shownOfEach = 3;

/** How many, what they would do now, and some of them. */
export function previewLines({group, count, looked, would, sample}: RetryPreview): string[] {
  const of = looked < count ? `the ${looked} oldest` : 'they';
  const some = would.flatMap(({does}) => sample.filter((one) => one.does === does).slice(0, shownOfEach));
  return [
    `${group.target} ${group.id}: ${count} dead letter(s): ${causeText(group)}`,
    `  ${group.advice}`,
    `  now ${of} would be: ${would.map((one) => `${one.count} ${one.does}`).join(' · ')}`,
    ...some.map(
      ({id, subject, does, reason}) =>
        `    ${printable(`${id}  ${subject}  ${does}${reason ? `: ${reason}` : ''}`)}`,
    ),
  ];
}

async function start(context: CommandContext, {stored, group, preview}: Previewed): Promise<boolean> {
  const why = reasonOf(context);
  const about = {group: group.id, letters: String(preview.count)};
  await stored.audit.act([
    actionOf('retry of a group of dead letters asked for', {target: stored.target, about, ...why}),
  ]);
  const begun = await stored.retries.startRetry(group.id, preview.token, {by: person(), ...why});
  switch (begun.result) {
    case 'started':
      return true;
    case 'running':
      context.complain(`${stored.target} ${group.id}: a retry of it runs already: this follows that one`);
      return true;
    case 'stale':
      context.complain(
        `${stored.target} ${group.id}: its letters have changed since they were shown: ${begun.count} now; none was retried, ask again`,
      );
      return false;
    default:
      return begun satisfies never;
  }
}

type End = Omit<RetryProgress, 'after'>;

/** Works until it is over, or is interrupted: then it is stopped, unless it is somebody else's. */
export async function follow(context: CommandContext, {stored, group}: Chosen): Promise<End> {
  const {retries, target} = stored;
  const items: RetryItem[] = [];
  let after: string | undefined;
  for (;;) {
    const waitMs = context.signal.aborted ? undefined : await retries.step(group.id);
    const progress = await retries.retryProgress(group.id, after);
    if (!progress) throw new Error('a retry that was started is remembered');
    const {after: last, ...end} = progress;
    items.push(...end.items);
    after = last;
    if (!context.json) for (const item of end.items) context.print(itemLine(target, item));
    if (end.state !== 'running' && end.items.length === 0) {
      context.complain(endLine(end));
      return {...end, items};
    }
    if (end.state === 'running' && context.signal.aborted) {
      if (end.by !== person()) {
        context.complain(`${target} ${group.id}: it is the retry of ${end.by}, and goes on`);
        return {...end, items};
      }
      await stop(stored, group);
    }
    if (waitMs !== undefined && waitMs > 0)
      await delay(waitMs, undefined, {signal: context.signal}).catch(() => undefined);
  }
}

/** One that is over needs no stop, and is none in the audit. */
async function stop({target, audit, retries}: Stored, {id: group}: LetterGroup): Promise<void> {
  if (!(await retries.running()).includes(group)) return;
  await audit.act([actionOf('retry of a group of dead letters stopped', {target, about: {group}})]);
  await retries.stopRetry(group);
}

const itemLine = (target: string, {id, result, reason}: RetryItem): string =>
  [target, id, result, ...(reason === undefined ? [] : [reason])].join('  ');

/** Where it ended, and how to go on. */
export function endLine({target, group, state, total, retried, superseded, refused}: End): string {
  const said = `${target} ${group}: ${retried} of ${total} retried, ${superseded} overtaken and closed, ${refused} refused`;
  if (state !== 'stopped') return `${said}; what fails again is a new dead letter`;
  return `${said}; stopped: the rest is left, and goes on with avro-scim dead-letters retry --target ${target} --cause ${group}`;
}
