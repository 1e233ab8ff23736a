import type {Audit, AuditRecord} from '../core/audit.ts';
import type {SourceRecord} from '../core/change.ts';
import type {LaneEntry} from '../core/parked.ts';
import {readPartition} from '../stages/bookkeeping/places.ts';
import type {DeadLetterStage} from '../stages/dead-letters/index.ts';
import {unleased} from '../stages/dispatch/parking.ts';
import {recordId} from '../stages/dispatch/work.ts';
import type {LaneStage} from '../stages/lanes/index.ts';
import type {Place, ReadBack, ReadRecord} from '../stages/source/read-back.ts';
import {readSubject, type KnownSubject} from '../stages/state/subject.ts';
import type {Dispatching} from './parts.ts';

/** What replaying needs of one target: what is kept of it in Redis, and a way to read Kafka. */
export interface Replaying extends Pick<Dispatching, 'redis'> {
  target: string;
  prefix: string;
  lanes: Pick<LaneStage, 'park'>;
  letters: Pick<DeadLetterStage, 'retry'>;
  /** What is superseded by it is written there. */
  audit: Audit;
  /** Writes down who asks for this record to be told again, before it is done; where it rejects nothing is done. */
  asked: (record: string) => Promise<void>;
  readBack: ReadRecord;
  now?: () => number;
}

/**
 * What became of it at one target. `replayed`: its last event, `record`, stands in its lane, and is told again. `unknown`: no event
 * of it was decided here. `refused`: why it can not be, in words. `unreachable`: Kafka did not answer.
 */
export type Replayed = {target: string; subject: string} & (
  | {result: 'replayed'; record: string}
  | {result: 'unknown'}
  | {result: 'refused' | 'unreachable'; reason: string}
);

/**
 * Puts the last event that was decided for a subject into its lane again, with force: the target is asked although nothing seems to
 * differ. Lease and order hold as for every parked change, and what is newer by its turn fences it. Done twice it stands there once.
 */
export async function replaySubject(at: Replaying, subject: string, signal: AbortSignal): Promise<Replayed> {
  const {target} = at;
  const known = await readSubject(at, subject);
  const {state} = known;
  if (!state || state.position.offset < 0) return {target, subject, result: 'unknown'};
  const partition = await readPartition(at, state.position.source);
  const refused = (reason: string): Replayed => ({target, subject, result: 'refused', reason});
  if (!partition) return refused('Redis does not know any more where its last event stands');
  if (!partition.isCurrent) return refused(`the topic ${partition.topic} was made anew since its last event`);
  if (known.erasedAt !== undefined)
    return refused('it was erased: what was decided before is not told again');
  const place = {topic: partition.topic, partition: partition.partition, offset: state.position.offset};
  const record = `${place.topic}/${place.partition}/${place.offset}`;
  if (known.held?.id === record) return refused(`its last event, ${record}, is held: see holds list`);
  const found = await find(at, known, {...place, record}, signal);
  if ('gone' in found) return refused(`its last event, ${record}, is gone: ${found.gone}`);
  if ('unreachable' in found)
    return {target, subject, result: 'unreachable', reason: `Kafka does not answer: ${found.unreachable}`};
  const unwritten = await at.asked(record).then(
    () => undefined,
    (error: unknown) => `the audit can not be written: ${(error as Error).message}`,
  );
  if (unwritten !== undefined) return refused(unwritten);
  const now = (at.now ?? Date.now)();
  if ('record' in found) {
    await park(at, subject, entryOf(state, found.record, now), now);
    return {target, subject, result: 'replayed', record};
  }
  const [retried] = await at.letters.retry([record]);
  if (retried?.result === 'retried') return {target, subject, result: 'replayed', record};
  return refused(retried?.reason ?? `its dead letter ${record} was taken up by somebody else`);
}

/** The record, from its lane where it is parked, else from Kafka; or its dead letter, which keeps it. */
async function find(
  {readBack}: Replaying,
  {lane, letters}: KnownSubject,
  {record: id, ...place}: Place & {record: string},
  signal: AbortSignal,
): Promise<ReadBack | {letter: string}> {
  if (letters.some((letter) => letter.id === id)) return {letter: id};
  const record = lane.find((entry) => entry.id === id)?.record;
  return record ? {record} : readBack(place, signal);
}

/** It was claimed before: what it says of members is known, and it takes the place of nothing that says so. */
const entryOf = (
  {kind, unwanted, position}: NonNullable<KnownSubject['state']>,
  record: SourceRecord,
  now: number,
): LaneEntry => ({
  id: recordId(record),
  kind: kind === 'user' && unwanted ? 'cutOff' : 'snapshot',
  saysMembers: false,
  ...{record, position, firstAt: now, attempts: 0, ageMs: 0, force: true},
});

async function park(
  {target, lanes, audit}: Replaying,
  subject: string,
  entry: LaneEntry,
  now: number,
): Promise<void> {
  const {superseded} = await lanes.park(unleased(subject, entry), entry, 0);
  await audit.append(
    superseded.map(({id, record, position: {occurredAt}}): AuditRecord => ({
      ...{id: `${target}/${id}/superseded`, at: now, target, subject, outcome: 'superseded', occurredAt},
      reason: 'its subject’s last event, which a person replayed, took its place',
      ...(record && {topic: record.topic, partition: record.partition, offset: record.offset}),
    })),
  );
}
