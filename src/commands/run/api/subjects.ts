import type {ApiPorts, Asked} from '../../../admin/api/ports.ts';
import {refused, type Answer} from '../../../admin/api/problem.ts';
import type {Done} from '../../../admin/api/schema/letters.ts';
import type {LoadedConfig} from '../../../config/load.ts';
import {byHand} from '../../../core/hand.ts';
import {readSubject} from '../../../stages/state/subject.ts';
import {aimAt, isGroup, record, refusal} from '../../cut-off/aim.ts';
import type {Stored} from '../../stored/open.ts';
import {actorOf, type Note} from './acts.ts';
import {noTarget} from './pages.ts';
import type {StoreMap, Stores} from './stores.ts';
import {subjectAtView} from './views.ts';

/** One subject over the API. */
export function subjectPorts(stores: Stores, note: Note, loaded: () => LoadedConfig): ApiPorts['subjects'] {
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
    cutOff: (id, targets, asked) =>
      stores.ask(async (all) => {
        const chosen = choose(all, targets);
        return chosen.ok ? cutOff(chosen.value, id, asked, loaded()) : chosen;
      }),
    lift: (id, targets, asked) =>
      stores.ask(async (all) => {
        const chosen = choose(all, targets);
        return chosen.ok ? lift(chosen.value, id, asked) : chosen;
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
  if (missing !== undefined) return refused(noTarget(all, missing));
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
  const results: Done[] = [];
  for (const aim of aims) {
    const {stored} = aim;
    const {target} = stored;
    const refused = refusal(aim);
    if (refused) results.push({target, subject: id, result: 'refused', reason: refused.reason ?? ''});
    else if (!(await stored.hands.mark(id, mark)))
      results.push({target, subject: id, result: 'refused', reason: isGroup});
    else {
      await stored.lanes.wake(id, 0);
      results.push({target, subject: id, result: 'marked'});
    }
  }
  return {ok: true, value: results};
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
    await stores[0]?.audit.append(stores.map(recordOf));
    return {ok: true, value: undefined};
  } catch (error) {
    const detail = `The audit can not be written, and nothing was done: ${(error as Error).message}.`;
    return refused({kind: 'unavailable', service: 'audit', detail});
  }
}
