import {toJson} from '../../core/parked-json.ts';
import type {DeadLetter, LaneEntry} from '../../core/parked.ts';
import type {ScriptArg} from '../state/scripts.ts';

/** What became of one letter: back to work, no longer there, or not to be retried (`reason` says why). */
export interface Retried {
  id: string;
  result: 'retried' | 'gone' | 'refused';
  subject?: string;
  reason?: string;
}

/** A letter's name; with the moment it died, the letter itself, and no other that stands under its name meanwhile. */
export type LetterName = string | Pick<DeadLetter, 'id' | 'at'>;

interface Retrying {
  name: LetterName;
  get: (id: string) => Promise<DeadLetter | undefined>;
  run: (args: readonly ScriptArg[]) => Promise<unknown>;
  wake: ((subject: string, delayMs: number) => Promise<void>) | undefined;
  now: () => number;
  /** How long its lane, where it has none yet, is not tried. */
  delayMs: number;
}

/** The letter leaves and its entry stands in the lane in one step: a crash loses neither, and makes no second one. */
export async function retryLetter({name, get, run, wake, now, delayMs}: Retrying): Promise<Retried> {
  const [id, seenAt] = named(name);
  const letter = await get(id);
  if (letter === undefined || (seenAt !== '' && letter.at !== seenAt)) return {id, result: 'gone'};
  const at = now();
  const asked = askFor(letter, at);
  const {subject} = asked;
  if (!asked.ok) return {id, result: 'refused', reason: asked.reason, ...(subject !== '' && {subject})};
  const [moved, wakeAt] = (await run([...[at + delayMs, id, letter.at, subject], ...asked.args])) as [
    number,
    number?,
  ];
  if (moved === 0) return {id, subject, result: 'gone'};
  if (moved === 2) return {id, subject, result: 'refused', reason: 'another manager is awaited since'};
  if (wakeAt !== undefined && wakeAt > 0) await wake?.(subject, Math.max(0, wakeAt - at));
  return {id, subject, result: 'retried'};
}

/** A letter's id, and when the one died that is meant, or nothing. */
export const named = (name: LetterName): [id: string, at: number | ''] =>
  typeof name === 'string' ? [name, ''] : [name.id, name.at];

/** What the script is asked for (entry JSON or '', member or '', manager or ''), or why the letter can not be tried again. */
export type Asked =
  | {ok: true; subject: string; args: [entry: string, member: string, manager: string]}
  | {ok: false; subject: string; reason: string};

/** How a letter goes on; `at` is when its entry's age begins. */
export function askFor(letter: DeadLetter, at: number): Asked {
  const subject = letter.subject ?? letter.record?.key?.toString() ?? '';
  if (subject === '')
    return {ok: false, subject, reason: 'its record has no key: nobody knows whom it is about'};
  const {member, managerId} = letter;
  const hasNone = letter.kind === 'sync' || member !== undefined || managerId !== undefined || letter.hand;
  if (letter.record === undefined && !hasNone) return {ok: false, subject, reason: 'its record was not kept'};
  const entry = member === undefined && managerId === undefined ? toJson(entryOf(letter, at)) : '';
  return {ok: true, subject, args: [entry, member?.subject ?? '', managerId ?? '']};
}

/** Its age begins anew. What could not be decoded is decoded again when its turn comes. */
function entryOf(letter: DeadLetter, firstAt: number): LaneEntry {
  const {kind, saysMembers, position, record, hand, trace} = letter;
  return {
    id: kind === 'sync' ? 'sync' : letter.id,
    kind: kind === 'undecodable' || kind === 'member' || kind === 'reference' ? 'snapshot' : kind,
    saysMembers,
    position,
    firstAt,
    attempts: 0,
    ageMs: 0,
    force: true,
    ...(record && {record}),
    ...(trace && {trace}),
    ...(hand && {hand, approved: true}),
  };
}
