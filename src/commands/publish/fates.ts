import {setTimeout as delay} from 'node:timers/promises';
import type {Admin} from 'kafkajs';
import {readSubject} from '../../stages/state/subject.ts';
import type {CommandContext, ExitCode} from '../command.ts';
import type {Stored} from '../stored/open.ts';
import {printable} from '../stored/table.ts';
import type {Sent} from './produce.ts';

/**
 * What became of one event at one target. `settled`: it is decided, and nothing of it waits · `dead`, `held`: it waits for a
 * person · `parked`: it failed and is tried again · `waiting`: the target has not come to it
 */
export interface Fate {
  target: string;
  key: string;
  /** `topic/partition/offset`. */
  id: string;
  fate: 'settled' | 'dead' | 'held' | 'parked' | 'waiting';
  /** Why it is not settled, where that is known. */
  cause?: string;
}

interface Awaited {
  admin: Pick<Admin, 'fetchOffsets'>;
  groupPrefix: string;
  topic: string;
  sent: readonly Sent[];
  /** Of the targets that are waited for. */
  stores: readonly Stored[];
  /** Aborted when it is waited no longer: what is open then is told as it stands. */
  signal: AbortSignal;
}

const pollMs = 300;

/**
 * Waits until each event is settled, dead or held at each target. What a target's group has committed is decided, and durable in
 * Redis, which tells what of it waits. Rejects when Kafka or Redis does not answer.
 */
export async function awaitFates(awaited: Awaited): Promise<Fate[]> {
  const {topic, sent, stores, signal} = awaited;
  const fates = stores.flatMap(({target}) =>
    sent.map(({key, partition, offset}): Fate => ({
      ...{target, key, id: `${topic}/${partition}/${offset}`},
      fate: 'waiting',
    })),
  );
  for (;;) {
    for (const [index, stored] of stores.entries())
      await look(awaited, stored, fates.slice(index * sent.length, (index + 1) * sent.length));
    if (signal.aborted || !fates.some(isOpen)) return fates;
    await delay(pollMs, undefined, {signal}).catch(() => undefined);
  }
}

const isOpen = ({fate}: Fate): boolean => fate === 'waiting' || fate === 'parked';

/** Brings one target's fates up to now; they stand in the order of what was sent. */
async function look(
  {admin, groupPrefix, topic, sent}: Awaited,
  stored: Stored,
  fates: Fate[],
): Promise<void> {
  if (!fates.some(isOpen)) return;
  const groupId = `${groupPrefix}.${stored.target}`;
  const [committed] = await admin.fetchOffsets({groupId, topics: [topic]});
  const next = new Map(committed?.partitions.map(({partition, offset}) => [partition, Number(offset)]));
  for (const [index, fate] of fates.entries()) {
    const at = sent[index];
    if (at && isOpen(fate) && at.offset < (next.get(at.partition) ?? -1))
      Object.assign(fate, await decidedFate(stored, fate));
  }
}

async function decidedFate(stored: Stored, {key, id}: Fate): Promise<Pick<Fate, 'fate' | 'cause'>> {
  const {letters, held, lane} = await readSubject(stored, key);
  const letter = letters.find((one) => one.id === id);
  if (letter) return {fate: 'dead', cause: letter.failure.cause};
  if (held?.id === id) return {fate: 'held'};
  const parked = lane.find((one) => one.id === id);
  if (!parked) return {fate: 'settled'};
  return {fate: 'parked', ...(parked.failure && {cause: parked.failure.cause})};
}

/** Tells what was sent and what became of it: 0 when all of it is settled at each target, else 1. */
export function tellFates(
  {json, print, complain}: CommandContext,
  told: {topic: string; schemaId: number; sent: number},
  fates: readonly Fate[],
): ExitCode {
  const others = fates.filter(({fate}) => fate !== 'settled');
  const targets = [...new Set(fates.map(({target}) => target))];
  if (json) {
    const outcomes = targets.map((target) => ({target, ...countsOf(fates, target)}));
    print(JSON.stringify({...told, ...(targets.length > 0 && {outcomes, open: others})}));
  } else {
    for (const target of targets) {
      const counts = Object.entries(countsOf(fates, target)).filter(([, count]) => count > 0);
      print(`${target}: ${counts.map(([fate, count]) => `${count} ${fate}`).join(', ')}`);
    }
  }
  for (const {target, key, id, fate, cause} of json ? [] : others.slice(0, mostShown))
    complain(
      printable(`${target}: ${key} (${id}): ${wordsOf[fate]}${cause === undefined ? '' : `: ${cause}`}`),
    );
  return others.length === 0 ? 0 : 1;
}

/** Of more, the counts tell. */
const mostShown = 20;

const wordsOf = {
  settled: 'settled',
  dead: 'a dead letter',
  held: 'held for a person',
  parked: 'parked: it failed, and is tried again',
  waiting: 'not decided yet',
} as const satisfies Record<Fate['fate'], string>;

function countsOf(fates: readonly Fate[], target: string): Record<Fate['fate'], number> {
  const counts = {settled: 0, dead: 0, held: 0, parked: 0, waiting: 0};
  for (const one of fates) if (one.target === target) counts[one.fate] += 1;
  return counts;
}
