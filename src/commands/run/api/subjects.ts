import type {ApiPorts, Asked} from '../../../admin/api/ports.ts';
import {refused, type Answer, type Refusal} from '../../../admin/api/problem.ts';
import type {Done} from '../../../admin/api/schema/letters.ts';
import type {LoadedConfig} from '../../../config/load.ts';
import {byHand} from '../../../core/hand.ts';
import {createKafka} from '../../../stages/source/client.ts';
import {createReadBack, type ReadRecord} from '../../../stages/source/read-back.ts';
import {readSubject} from '../../../stages/state/subject.ts';
import {replaySubject} from '../../../target/replay.ts';
import {aimAt, markAll, record, refusal} from '../../cut-off/aim.ts';
import {handAction} from '../../stored/action.ts';
import type {Stored} from '../../stored/open.ts';
import {actorOf, type Note} from './acts.ts';
import {unlessNoneDone} from './none-done.ts';
import {noTarget} from './pages.ts';
import type {StoreMap, Stores} from './stores.ts';
import {subjectAtView, unheard} from './views.ts';

/** One subject over the API. */
export function subjectPorts(
  stores: Stores,
  note: Note,
  loaded: () => LoadedConfig,
  signal: AbortSignal,
): ApiPorts['subjects'] {
  type Work = (chosen: readonly Stored[], id: string, asked: Asked) => Promise<Answer<Done[]>>;
  const acting =
    (work: Work): ApiPorts['subjects']['lift'] =>
    (id, targets, asked) =>
      stores.ask(async (all) => {
        const chosen = choose(all, targets);
        return chosen.ok ? work(chosen.value, id, asked) : chosen;
      });
  return {
    read: (id, {reveal}) =>
      stores.ask(async (all) => {
        const known = await Promise.all(
          [...all.values()].map((stored) => viewAt(stored, id, reveal !== undefined)),
        );
        const targets = known.filter((one) => one !== undefined);
        if (targets.length === 0)
          return refused({kind: 'unknown', detail: `Nothing is known of a subject ${id}.`});
        if (reveal) {
          const acts = targets.map(({target}) => ({action: 'subject shown unmasked', target, subject: id}));
          const noted = await note(reveal, acts);
          if (!noted.ok) return noted;
        }
        return {ok: true, value: {subject: id, targets}};
      }),
    cutOff: acting((chosen, id, asked) => cutOff(chosen, id, asked, loaded())),
    lift: acting(lift),
    replay: acting((chosen, id, asked) => {
      const {kafka} = loaded().config;
      const readBack = createReadBack(createKafka(kafka, {log: unheard, retries: 1}), kafka.groupPrefix);
      return replay(chosen, id, asked, {note, readBack, signal});
    }),
  };
}

async function viewAt(stored: Stored, id: string, reveal: boolean) {
  const [known, end] = await Promise.all([readSubject(stored, id), stored.hands.end(id)]);
  return subjectAtView(stored.target, known, end, reveal);
}

function choose(all: StoreMap, targets: readonly string[] | undefined): Answer<Stored[]> {
  if (targets === undefined) return {ok: true, value: [...all.values()]};
  const missing = targets.find((name) => !all.has(name));
  if (missing !== undefined) return refused(noTarget([...all.keys()], missing));
  const named = new Set(targets);
  return {ok: true, value: [...all.values()].filter(({target}) => named.has(target))};
}

/** Marked, and first in the lane, which whoever serves the target works on. */
async function cutOff(
  stores: readonly Stored[],
  id: string,
  asked: Asked,
  loaded: LoadedConfig,
): Promise<Answer<Done[]>> {
  const aims = await Promise.all(stores.map((stored) => aimAt(stored, loaded, id)));
  const mark = markOf(asked);
  const able = aims.filter((aim) => refusal(aim) === undefined).map(({stored}) => stored);
  const written = await audited(able, (stored) =>
    record(stored, id, mark, {outcome: 'parked', reason: byHand}),
  );
  if (!written.ok) return written;
  const refusals = await markAll(aims, id, mark);
  const results = aims.map(({stored}): Done => {
    const {target} = stored;
    const why = refusals.get(stored);
    return why
      ? {target, subject: id, result: 'refused', reason: why.reason ?? ''}
      : {target, subject: id, result: 'marked'};
  });
  return unlessNoneDone(results, 'marked');
}

async function lift(stores: readonly Stored[], id: string, asked: Asked): Promise<Answer<Done[]>> {
  const marks = await Promise.all(stores.map(({hands}) => hands.read(id)));
  const marked = stores.filter((_, i) => marks[i] !== undefined);
  if (marked.length === 0)
    return refused({kind: 'wrong-state', detail: `${id} is not ${byHand} there.`, state: `not ${byHand}`});
  const more = {outcome: 'applied', did: 'cut-off by hand lifted'} as const;
  const written = await audited(marked, (stored) => record(stored, id, markOf(asked), more));
  if (!written.ok) return written;
  const results: Done[] = [];
  for (const {target, hands, lanes} of marked) {
    const isLifted = await hands.lift(id, lanes);
    results.push({target, subject: id, result: isLifted ? 'lifted' : 'gone'});
  }
  return {ok: true, value: results};
}

interface Replay {
  note: Note;
  readBack: ReadRecord;
  signal: AbortSignal;
}

async function replay(
  stores: readonly Stored[],
  id: string,
  asked: Asked,
  {note, readBack, signal}: Replay,
): Promise<Answer<Done[]>> {
  let unwritten: Refusal | undefined;
  const all = await Promise.all(
    stores.map((stored) => {
      const act = {action: 'subject replayed', target: stored.target, subject: id};
      const write = async (record: string): Promise<void> => {
        const noted = await note(asked, [{...act, about: {event: record}}]);
        if (noted.ok) return;
        unwritten = noted.refusal;
        throw new Error(noted.refusal.detail);
      };
      return replaySubject({...stored, readBack, asked: write}, id, signal);
    }),
  );
  if (unwritten && all.every(({result}) => result !== 'replayed')) return refused(unwritten);
  if (all.every(({result}) => result === 'unknown'))
    return refused({kind: 'unknown', detail: `No event of a subject ${id} was decided.`});
  const [away] = all.flatMap((one) => (one.result === 'unreachable' ? [one.reason] : []));
  if (away !== undefined && all.every(({result}) => result === 'unreachable' || result === 'unknown'))
    return refused({kind: 'unavailable', service: 'kafka', detail: `${away}.`});
  const results = all.map(({target, subject, result, ...more}) => ({
    ...{target, subject, result},
    ...('record' in more && {id: more.record}),
    ...('reason' in more && {reason: more.reason}),
  }));
  return unlessNoneDone(results, 'replayed');
}

const markOf = (asked: Asked) => ({
  by: actorOf(asked),
  at: Date.now(),
  ...(asked.reason !== undefined && {reason: asked.reason}),
});

/** Before anything is done: what can not be proved later is not begun. */
async function audited(
  stores: readonly Stored[],
  recordOf: (stored: Stored) => ReturnType<typeof record>,
): Promise<Answer<undefined>> {
  try {
    const records = stores.map(recordOf);
    await stores[0]?.audit.append(records);
    await stores[0]?.audit.act(records.map(handAction));
    return {ok: true, value: undefined};
  } catch (error) {
    const detail = `The audit can not be written, and nothing was done: ${(error as Error).message}.`;
    return refused({kind: 'unavailable', service: 'audit', detail});
  }
}
