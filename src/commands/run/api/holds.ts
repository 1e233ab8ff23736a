import type {ApiPorts, Asked} from '../../../admin/api/ports.ts';
import {refused, type Answer} from '../../../admin/api/problem.ts';
import {mostAtOnce, type ChosenHolds, type Done, type HoldFilter} from '../../../admin/api/schema/letters.ts';
import type {Held} from '../../../stages/holds/index.ts';
import {approveHeld, discardHeld} from '../../stored/hold-acts.ts';
import type {Stored} from '../../stored/open.ts';
import type {Note} from './acts.ts';
import {chosenStores, collect, noTarget, pageOver, type ReadPage} from './pages.ts';
import type {StoreMap, Stores} from './stores.ts';
import {asSeen, firstOf, tokenOfAll} from './seen.ts';
import {holdView} from './views.ts';

interface Found {
  stored: Stored;
  held: Held;
}

/** Holds over the API. */
export function holdPorts(stores: Stores, note: Note): ApiPorts['holds'] {
  return {
    list: ({target, ...span}, paging) =>
      stores.ask((all) =>
        pageOver(all, target, paging, async (stored, inner) => {
          const page = await stored.holds.page(span, inner);
          return {items: page.held.map((held) => holdView(stored.target, held)), cursor: page.cursor};
        }),
      ),
    preview: (filter) =>
      stores.ask(async (all) => {
        const found = await findAll(all, filter);
        if (!found.ok) return found;
        const {length} = found.value;
        const hasMore = length > mostAtOnce;
        const count = Math.min(length, mostAtOnce);
        return {ok: true, value: {count, hasMore, token: tokenOf(firstOf(found.value))}};
      }),
    approve: (chosen, asked) =>
      stores.ask((all) => act(all, chosen, asked, note, {action: 'held leave approved', run: approveHeld})),
    discard: (chosen, asked) =>
      stores.ask((all) => act(all, chosen, asked, note, {action: 'held leave discarded', run: discardHeld})),
  };
}

/** Any that comes, goes or is of a newer event makes another. */
const tokenOf = (found: readonly Found[]): string =>
  tokenOfAll(
    found.map(({stored: {target}, held: {subject, heldAt, entry}}) => [target, subject, heldAt, entry.id]),
  );

interface Acting {
  /** For the audit. */
  action: string;
  run: (stored: Stored, held: Held) => Promise<string>;
}

async function act(
  all: StoreMap,
  chosen: ChosenHolds,
  asked: Asked,
  note: Note,
  {action, run}: Acting,
): Promise<Answer<Done[]>> {
  const found = await find(all, chosen);
  if (!found.ok) return found;
  const acts = found.value.map(({stored: {target}, held: {subject, entry}}) => ({
    action,
    target,
    subject,
    about: {event: entry.id},
  }));
  const noted = await note(asked, acts);
  if (!noted.ok) return noted;
  const results: Done[] = [];
  for (const {stored, held} of found.value) {
    const {target} = stored;
    const {subject, entry} = held;
    results.push({target, subject, id: entry.id, result: await run(stored, held)});
  }
  if (!('holds' in chosen)) return {ok: true, value: results};
  const gone = chosen.holds.filter(
    ({target, subject}) => !results.some((one) => one.target === target && one.subject === subject),
  );
  return {ok: true, value: [...results, ...gone.map((name) => ({...name, result: 'gone'}))]};
}

async function find(all: StoreMap, chosen: ChosenHolds): Promise<Answer<Found[]>> {
  if (!('holds' in chosen)) {
    const found = await findAll(all, chosen.filter);
    return found.ok ? asSeen(found.value, {token: chosen.token, tokenOf, what: 'holds'}) : found;
  }
  const found = new Map<string, Found>();
  for (const {target, subject} of chosen.holds) {
    const stored = all.get(target);
    if (!stored) return refused(noTarget([...all.keys()], target));
    const held = await stored.holds.read(subject);
    if (held) found.set(`${target} ${subject}`, {stored, held});
  }
  const [first] = chosen.holds;
  if (found.size === 0 && first)
    return refused({kind: 'unknown', detail: `Nothing of ${first.subject} is held at ${first.target}.`});
  return {ok: true, value: [...found.values()]};
}

async function findAll(all: StoreMap, {target, ...span}: HoldFilter): Promise<Answer<Found[]>> {
  const stores = chosenStores(all, target);
  if (!stores.ok) return stores;
  const reading: ReadPage<Found> = async (stored, inner) => {
    const page = await stored.holds.page(span, inner);
    return {items: page.held.map((held) => ({stored, held})), cursor: page.cursor};
  };
  return {ok: true, value: await collect(stores.value, mostAtOnce, reading)};
}
