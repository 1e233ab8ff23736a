import type {KnownSubject} from '../known-subject.ts';
import type {LaneEntry} from '../parked.ts';
import type {Pause} from '../pause.ts';
import type {Around} from '../standing.ts';
import {isoTime} from '../time.ts';
import {typed} from '../typed.ts';

const hourMs = 3_600_000;

/** Why an entry of a lane is not done yet. */
export function whyFailing({failure, attempts}: LaneEntry): string {
  if (!failure) return 'waits in its lane';
  const {cause, message} = failure;
  const said = message.includes(cause) ? message : `${cause}, ${message}`;
  return `fails: ${said} (${attempts} ${attempts === 1 ? 'attempt' : 'attempts'})`;
}

/** What a paused target waits for. */
export const untilResumed = (target: string, {by}: Pause): string =>
  `nothing until ${typed('target', 'resume', target)}: paused by ${by}`;

/** When a lane is tried next, and what keeps it from that. */
export function nextTry(
  {isLeased, laneDueAt = 0}: KnownSubject,
  {failure}: LaneEntry,
  {target, now, paused, shut, maxAgeMs}: Around,
): string {
  if (paused) return untilResumed(target, paused);
  if (isLeased) return 'it is being tried now';
  const when = shut
    ? `it is tried when the gate opens, which is shut: ${shut}`
    : laneDueAt <= now
      ? 'it is tried at once, where the service runs'
      : `it is tried again ${isoTime(laneDueAt)}`;
  return failure ? `${when}; after ${maxAgeMs / hourMs} h of failing it is a dead letter` : when;
}

/** Where nothing is known to be under way: whether news may be on its way, and what keeps it. */
export function newsOf({target, paused, shut, waiting}: Around): string {
  const inKafka =
    waiting === undefined
      ? 'whether news of it waits in Kafka is not known here'
      : waiting === 0
        ? 'every event in Kafka was read'
        : `${waiting} ${waiting === 1 ? 'record waits' : 'records wait'} in Kafka, news of it may be among them`;
  if (paused) return `${untilResumed(target, paused)}; ${inKafka}`;
  if (shut) return `nothing until the gate opens, which is shut: ${shut}; ${inKafka}`;
  return waiting ? inKafka : `nothing; ${inKafka}`;
}
