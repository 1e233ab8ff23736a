import type {ConsolePorts, Group, GroupName} from '../../../admin/console/ports.ts';
import type {ApiPorts} from '../../../admin/api/ports.ts';
import {refused, type Answer} from '../../../admin/api/problem.ts';
import {chosenStores} from '../api/pages.ts';
import type {Stores} from '../api/stores.ts';

/** Dead letters by cause, as they are counted, and their retry through the API's own ports. */
export function groupPorts(stores: Stores, {letters}: Pick<ApiPorts, 'letters'>): ConsolePorts['groups'] {
  const list: ConsolePorts['groups']['list'] = (target) =>
    stores.ask(async (all): Promise<Answer<Group[]>> => {
      const chosen = chosenStores(all, target);
      if (!chosen.ok) return chosen;
      const found = await Promise.all(
        chosen.value.map(async (stored) =>
          Object.entries(await stored.letters.counts()).map(([cause, count]) => ({
            ...{target: stored.target, id: cause, cause, count, isCutOff: false},
          })),
        ),
      );
      return {ok: true, value: found.flat().sort((a, b) => b.count - a.count)};
    });
  const filterOf = ({target, id}: GroupName) => ({target, cause: id});
  return {
    list,
    async preview(name) {
      const groups = await list(name.target);
      if (!groups.ok) return groups;
      const group = groups.value.find(({id}) => id === name.id);
      if (!group)
        return refused({kind: 'unknown', detail: `There is no dead letter of the cause ${name.id}.`});
      return {
        ok: true,
        value: {group, count: group.count, token: String(group.count), looked: 0, would: [], sample: []},
      };
    },
    async retry(name, token, asked) {
      const chosen = {filter: filterOf(name), expected: Number(token) || 0, reason: asked.reason};
      const done = await letters.retry(chosen, asked);
      return done.ok ? {ok: true, value: 'started'} : done;
    },
    progress: () => Promise.resolve({ok: true, value: undefined}),
    stop: () => Promise.resolve({ok: true, value: 'not running'}),
  };
}
