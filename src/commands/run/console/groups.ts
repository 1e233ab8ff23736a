import type {ApiPorts} from '../../../admin/api/ports.ts';
import {refused, type Answer} from '../../../admin/api/problem.ts';
import {mostAtOnce, type LetterName} from '../../../admin/api/schema/letters.ts';
import type {ConsolePorts, Group, GroupName} from '../../../admin/console/ports.ts';
import {chosenStores} from '../api/pages.ts';
import type {Stores} from '../api/stores.ts';

type Letters = Pick<ApiPorts['letters'], 'list' | 'retry'>;

/** More of one cause are not retried in one request. */
const mostOfCause = 20_000;
const pageSize = 500;

/** Dead letters by cause, as they are counted; a retry is over when it is answered. */
export function groupPorts(stores: Stores, letters: Letters): ConsolePorts['groups'] {
  const list: ConsolePorts['groups']['list'] = (target) => listGroups(stores, target);
  return {
    list,
    async preview(name) {
      const groups = await list(name.target);
      if (!groups.ok) return groups;
      const group = groups.value.find(({id}) => id === name.id);
      if (!group)
        return refused({kind: 'unknown', detail: `No dead letter of this cause is at ${name.target}.`});
      const {count} = group;
      return {ok: true, value: {group, count, token: String(count), looked: 0, would: [], sample: []}};
    },
    async retry(name, token, asked) {
      const found = await namesOf(letters, name);
      if (!found.ok) return found;
      const count = found.value.length;
      if (String(count) !== token) {
        const detail = `There are ${count} dead letters of this cause by now. Nothing was done.`;
        return refused({kind: 'stale-preview', detail, count});
      }
      for (let from = 0; from < count; from += mostAtOnce) {
        const chosen = {letters: found.value.slice(from, from + mostAtOnce), reason: asked.reason};
        const done = await letters.retry(chosen, asked);
        if (!done.ok) return done;
      }
      return {ok: true, value: 'done'};
    },
    progress: () => Promise.resolve({ok: true, value: undefined}),
    stop: () => Promise.resolve({ok: true, value: 'not running'}),
  };
}

const listGroups = (stores: Stores, target: string | undefined): Promise<Answer<readonly Group[]>> =>
  stores.ask(async (all): Promise<Answer<readonly Group[]>> => {
    const chosen = chosenStores(all, target);
    if (!chosen.ok) return chosen;
    const found = chosen.value.map(async ({target: at, letters}) =>
      Object.entries(await letters.counts()).map(([cause, count]) => ({
        ...{target: at, id: cause, cause, count, isCutOff: false},
      })),
    );
    const groups = (await Promise.all(found)).flat();
    return {ok: true, value: groups.sort((a, b) => b.count - a.count)};
  });

async function namesOf(letters: Letters, {target, id}: GroupName): Promise<Answer<LetterName[]>> {
  const names: LetterName[] = [];
  let cursor: string | undefined;
  do {
    const page = await letters.list({target, cause: id}, {cursor, limit: pageSize});
    if (!page.ok) return page;
    names.push(...page.value.items.map((letter) => ({target, id: letter.id})));
    cursor = page.value.next;
  } while (cursor !== undefined && names.length <= mostOfCause);
  return {ok: true, value: names};
}
