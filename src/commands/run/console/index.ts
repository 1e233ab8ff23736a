import type {ConsolePorts} from '../../../admin/console/ports.ts';
import type {ForeseeAt} from '../api/foresee.ts';
import type {Stores} from '../api/stores.ts';
import type {Process} from '../api/targets.ts';
import {outlookPort} from './outlook.ts';
import {standingAt} from './standings.ts';

/** What the console shows beside what the API has. */
export function consolePorts(process: Process, stores: Stores, foresee: ForeseeAt): ConsolePorts {
  return {
    standings: (subject) =>
      stores.ask(async (all) => {
        const found = await Promise.all(
          [...all.values()].map((stored) => standingAt(stored, subject, process)),
        );
        return {ok: true, value: found.filter((one) => one !== undefined)};
      }),
    outlook: outlookPort(stores, foresee),
  };
}
