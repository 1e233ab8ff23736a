import {setTimeout as delay} from 'node:timers/promises';
import type {AuditRecord} from '../../core/audit.ts';
import type {DeadLetter, LaneEntry} from '../../core/parked.ts';
import {createErasures, type Erasable, type Erasures, type Objection} from '../../stages/erasures/index.ts';
import {actionOf} from '../stored/action.ts';
import type {Stored} from '../stored/open.ts';

/**
 * What became of it at one target. `partly`: what is not finished stays, without the person's data. `refused`: why, in words. `busy`: work on
 * it did not end; what was erased before is counted.
 */
export interface Erased {
  target: string;
  result: 'erased' | 'partly' | 'nothing' | 'refused' | 'busy';
  reason?: string;
  letters: number;
  parked: number;
  holds: number;
}

export interface EraseOptions {
  reason: string;
  isForced: boolean;
  signal: AbortSignal;
  /** For work that is under way to end. */
  patienceMs?: number;
}

/** As long as a lease at the usual deadline. */
const usualPatienceMs = 90_000;
/** What had been decided when it was erased, and not written yet, is there by then. */
const settleMs = 1000;
const lookEveryMs = 250;

/**
 * Erases until a look finds nothing, so that what a running service was about to write is gone too. Each step is audited before it is done, with
 * ids alone.
 */
export async function eraseAt(stored: Stored, subject: string, options: EraseOptions): Promise<Erased> {
  const erasures = createErasures(stored);
  const done = {target: stored.target, letters: 0, parked: 0, holds: 0};
  const until = Date.now() + (options.patienceMs ?? usualPatienceMs);
  let result: Erased['result'] = 'nothing';
  for (;;) {
    const found = await erasures.look(subject);
    const reason = refusalOf(found, options.isForced);
    if (reason !== undefined) return {...done, result: 'refused', reason};
    if (found.isEmpty && !found.isBusy) return {...done, result};
    if (Date.now() > until || options.signal.aborted) return {...done, result: 'busy'};
    const isErased = !found.isBusy && (await eraseSeen(stored, subject, found, {...options, erasures}));
    if (isErased) {
      result = found.isPartial ? 'partly' : 'erased';
      done.letters += found.letters.filter(isRemoved).length;
      done.parked += found.parked.filter(isRemoved).length;
      done.holds += found.held?.isBarred ? 1 : 0;
    }
    await delay(isErased ? settleMs : lookEveryMs, undefined, {signal: options.signal}).catch(
      () => undefined,
    );
  }
}

const isRemoved = ({kind}: LaneEntry | DeadLetter): boolean => kind !== 'cutOff';

async function eraseSeen(
  {audit, target}: Stored,
  subject: string,
  found: Erasable,
  {reason, erasures}: {reason: string; erasures: Erasures},
): Promise<boolean> {
  const now = Date.now();
  const gone = [...found.letters, ...found.parked].filter(isRemoved);
  if (found.held?.isBarred) gone.push(found.held);
  const {letters, parked} = found;
  const about = {letters: String(letters.length), parked: String(parked.length)};
  await audit.append(gone.map((one) => recordOf(one, {target, subject, now})));
  await audit.act([actionOf('subject erased', {target, subject, reason, about})]);
  return erasures.erase(subject, found);
}

/** How a change ended that is not tried any more. */
const recordOf = (
  {id, record, position, firstAt}: LaneEntry | DeadLetter,
  {target, subject, now}: {target: string; subject: string; now: number},
): AuditRecord => ({
  ...{id: `${target}/${id}/${firstAt}/erased`, at: now, target, subject, outcome: 'skipped'},
  reason: 'the person’s data was erased',
  ...(record && {topic: record.topic, partition: record.partition, offset: record.offset}),
  occurredAt: position.occurredAt,
});

/** Why it is not erased, in words; undefined when nothing stands against it. */
export function refusalOf({objections}: Erasable, isForced: boolean): string | undefined {
  const standing = isForced ? objections.filter(({kind}) => kind === 'group') : objections;
  return standing.length === 0 ? undefined : standing.map(wordsOf).join('; ');
}

function wordsOf(objection: Objection): string {
  switch (objection.kind) {
    case 'group':
      return 'it is a group';
    case 'active':
      return 'its account is active: let its source publish that the person is gone';
    case 'cutOff':
      return 'a cut-off is not finished';
    case 'held':
      return 'its leave is held: see holds list';
    case 'doubt':
      return 'the end of its last request is not known';
    case 'member':
      return `it is still to be taken out of ${objection.groups.join(', ')}`;
    default:
      return objection satisfies never;
  }
}
