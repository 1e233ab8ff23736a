import {refused} from '../../../admin/api/problem.ts';
import type {ConsolePorts} from '../../../admin/console/ports.ts';
import {adviceFor} from '../../../core/letters/advice.ts';
import {causeOf} from '../../../core/letters/group.ts';
import {noTarget} from '../api/pages.ts';
import type {Stores} from '../api/stores.ts';
import type {ForeseeAt} from '../api/foresee.ts';

/** What usually fixes one dead letter, and what it would do, were it tried again now. */
export const outlookPort =
  (stores: Stores, foresee: ForeseeAt): ConsolePorts['outlook'] =>
  ({target, id}) =>
    stores.ask(async (all) => {
      const stored = all.get(target);
      if (!stored) return refused(noTarget([...all.keys()], target));
      const [letter, seen] = await Promise.all([
        stored.letters.get(id),
        stored.retries.foreseeOne(id, foresee(target)),
      ]);
      if (!letter || !seen)
        return refused({kind: 'unknown', detail: `There is no dead letter ${id} at ${target}.`});
      const {does, reason} = seen;
      const advice = adviceFor(causeOf(letter));
      return {ok: true, value: {advice, does, ...(reason !== undefined && {reason})}};
    });
