import type {KnownSubject} from '../known-subject.ts';
import type {LaneEntry} from '../parked.ts';
import type {Around} from '../standing.ts';

const hourMs = 3_600_000;

/** Why an entry of a lane is not done yet. */
export function whyFailing({failure, attempts}: LaneEntry): string {
  if (!failure) return 'waits in its lane';
  const {cause, message} = failure;
  const said = message.includes(cause) ? message : `${cause}, ${message}`;
  return `fails: ${said} (${attempts} ${attempts === 1 ? 'attempt' : 'attempts'})`;
}

/** When a lane is tried next, and what keeps it from that. */
export function nextTry(
  {isLeased, laneDueAt = 0}: KnownSubject,
  {failure}: LaneEntry,
  {target, now, paused, shut, maxAgeMs}: Around,
): string {
  if (paused) return `nothing until avro-scim target resume ${target}: paused by ${paused.by}`;
  if (isLeased) return 'it is being tried now';
  const when = shut
    ? `it is tried when the gate opens, which is shut: ${shut}`
    : laneDueAt <= now
      ? 'it is tried at once, where the service runs'
      : `it is tried again ${new Date(laneDueAt).toISOString()}`;
  return failure ? `${when}; after ${maxAgeMs / hourMs} h of failing it is a dead letter` : when;
}
