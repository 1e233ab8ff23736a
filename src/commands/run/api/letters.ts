import type {ApiPorts, Asked} from '../../../admin/api/ports.ts';
import {refused, type Answer} from '../../../admin/api/problem.ts';
import {
  mostAtOnce,
  type ChosenLetters,
  type Done,
  type LetterFilter,
} from '../../../admin/api/schema/letters.ts';
import type {DeadLetter} from '../../../core/parked.ts';
import {causesOf, type Counted} from '../../stored/letters.ts';
import {createRetrier, discardLetter, type Ended} from '../../stored/letter-acts.ts';
import type {Stored} from '../../stored/open.ts';
import type {Note} from './acts.ts';
import {asSeen, firstOf, tokenOfAll} from './seen.ts';
import {chosenStores, collect, noTarget, pageOver, type ReadPage} from './pages.ts';
import type {StoreMap, Stores} from './stores.ts';
import {letterView} from './views.ts';

interface Found {
  stored: Stored;
  letter: DeadLetter;
}

/** Dead letters over the API. */
export function letterPorts(stores: Stores, note: Note): ApiPorts['letters'] {
  return {
    list: ({target, ...filter}, paging) =>
      stores.ask((all) =>
        pageOver(all, target, paging, async ({letters}, inner) => {
          const page = await letters.list({...filter, ...inner});
          return {items: page.letters.map((letter) => letterView(letter, false)), cursor: page.cursor};
        }),
      ),
    read: ({target, id}, {reveal}) =>
      stores.ask(async (all) => {
        const stored = all.get(target);
        if (!stored) return refused(noTarget([...all.keys()], target));
        const letter = await stored.letters.get(id);
        if (!letter) return refused(noLetter(target, id));
        if (reveal) {
          const noted = await note(reveal, [
            {action: 'dead letter shown unmasked', target, subject: letter.subject, about: {letter: id}},
          ]);
          if (!noted.ok) return noted;
        }
        return {ok: true, value: letterView(letter, reveal !== undefined)};
      }),
    preview: (filter) => stores.ask((all) => preview(all, filter)),
    retry: (chosen, asked) =>
      stores.ask((all) =>
        act(all, chosen, asked, note, {action: 'dead letter retried', run: createRetrier()}),
      ),
    discard: (chosen, asked) =>
      stores.ask((all) => {
        const run = async (stored: Stored, letter: DeadLetter) => ({
          result: await discardLetter(stored, letter),
        });
        return act(all, chosen, asked, note, {action: 'dead letter discarded', run});
      }),
  };
}

const noLetter = (target: string, id: string) =>
  ({kind: 'unknown', detail: `There is no dead letter ${id} at ${target}.`}) as const;

const reading =
  (filter: Omit<LetterFilter, 'target'>): ReadPage<Found> =>
  async (stored, inner) => {
    const page = await stored.letters.list({...filter, ...inner});
    return {items: page.letters.map((letter) => ({stored, letter})), cursor: page.cursor};
  };

async function preview(
  all: StoreMap,
  {target, ...filter}: LetterFilter,
): ReturnType<ApiPorts['letters']['preview']> {
  const chosen = chosenStores(all, target);
  if (!chosen.ok) return chosen;
  // No more are read than an action would take.
  const found = await collect(chosen.value, mostAtOnce, reading(filter));
  const causes = causesOf(found.map(({letter}) => letter));
  const token = tokenOf(firstOf(found));
  if (found.length <= mostAtOnce)
    return {ok: true, value: {count: found.length, hasMore: false, token, causes}};
  const counted = await countAll(chosen.value, filter);
  const count = counted?.reduce((sum, one) => sum + one.count, 0) ?? found.length;
  return {
    ok: true,
    value: {count: Math.max(count, found.length), hasMore: true, token, causes: counted ?? causes},
  };
}

/** By cause, without reading them; undefined where only reading them tells. */
async function countAll(
  stores: readonly Stored[],
  {subject, ...filter}: Omit<LetterFilter, 'target'>,
): Promise<Counted[] | undefined> {
  if (subject !== undefined) return undefined;
  const all = await Promise.all(stores.map(({letters}) => letters.countBy(filter)));
  if (all.some((one) => one === undefined)) return undefined;
  const byCause = Map.groupBy(
    all.flatMap((one) => one ?? []),
    ({cause}) => cause,
  );
  return [...byCause]
    .map(([cause, list]) => ({cause, count: list.reduce((sum, {count}) => sum + count, 0)}))
    .sort((a, b) => b.count - a.count);
}

/** Any that comes, goes or dies again makes another. */
const tokenOf = (found: readonly Found[]): string =>
  tokenOfAll(found.map(({stored: {target}, letter: {id, at}}) => [target, id, at]));

interface Acting {
  /** For the audit. */
  action: string;
  run: (stored: Stored, letter: DeadLetter) => Promise<Ended>;
}

async function act(
  all: StoreMap,
  chosen: ChosenLetters,
  asked: Asked,
  note: Note,
  {action, run}: Acting,
): Promise<Answer<Done[]>> {
  const found = await find(all, chosen);
  if (!found.ok) return found;
  const acts = found.value.map(({stored: {target}, letter: {subject, id}}) => ({
    action,
    target,
    subject,
    about: {letter: id},
  }));
  const noted = await note(asked, acts);
  if (!noted.ok) return noted;
  const results: Done[] = [];
  for (const {stored, letter} of found.value) {
    const {target} = stored;
    const {id, subject} = letter;
    results.push({target, id, ...(subject !== undefined && {subject}), ...(await run(stored, letter))});
  }
  if (!('letters' in chosen)) return {ok: true, value: results};
  const gone = chosen.letters.filter(
    ({target, id}) => !results.some((one) => one.target === target && one.id === id),
  );
  return {ok: true, value: [...results, ...gone.map((name) => ({...name, result: 'gone'}))]};
}

async function find(all: StoreMap, chosen: ChosenLetters): Promise<Answer<Found[]>> {
  if (!('letters' in chosen)) return findByFilter(all, chosen);
  const found = new Map<string, Found>();
  for (const {target, id} of chosen.letters) {
    const stored = all.get(target);
    if (!stored) return refused(noTarget([...all.keys()], target));
    const letter = await stored.letters.get(id);
    if (letter) found.set(`${target} ${id}`, {stored, letter});
  }
  const [first] = chosen.letters;
  if (found.size === 0 && first) return refused(noLetter(first.target, first.id));
  return {ok: true, value: [...found.values()]};
}

async function findByFilter(
  all: StoreMap,
  {filter: {target, ...filter}, token}: Extract<ChosenLetters, {token: string}>,
): Promise<Answer<Found[]>> {
  const stores = chosenStores(all, target);
  if (!stores.ok) return stores;
  const found = await collect(stores.value, mostAtOnce, reading(filter));
  return asSeen(found, {token, tokenOf, what: 'dead letters'});
}
