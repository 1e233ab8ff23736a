import type {StandingAt} from '../../../admin/console/ports.ts';
import type {KnownSubject} from '../../../core/known-subject.ts';
import {standingOf} from '../../../core/standing.ts';
import {createPauses} from '../../../stages/pauses/index.ts';
import {readSubject} from '../../../stages/state/subject.ts';
import type {Stored} from '../../stored/open.ts';
import type {Process} from '../api/targets.ts';

const hourMs = 3_600_000;

/** How a subject stands at one target; undefined where nobody knows it there. */
export async function standingAt(
  stored: Stored,
  subject: string,
  {loaded, targets}: Process,
): Promise<StandingAt | undefined> {
  const {target} = stored;
  const [known, paused] = await Promise.all([readSubject(stored, subject), createPauses(stored).read()]);
  if (!isKnown(known)) return undefined;
  const served = targets().find(({name}) => name === target);
  const gate = served?.gate.state;
  const behind = served?.ownFigures().partitions.reduce((sum, {lag}) => sum + lag, 0);
  const standing = standingOf(subject, known, {
    ...{target, now: Date.now(), paused},
    shut: gate?.state === 'shut' ? `${gate.cause}: ${gate.message}` : undefined,
    // Another replica may have partitions too: that none waits here says nothing.
    waiting: behind === 0 ? undefined : behind,
    maxAgeMs: (loaded().config.targets[target]?.retry.maxAgeHours ?? 0) * hourMs,
  });
  return {target, isGroup: known.state?.kind === 'group', standing};
}

const isKnown = ({state, held, mark, lane, letters}: KnownSubject): boolean =>
  [state, held, mark, lane[0], letters[0]].some((one) => one !== undefined);
