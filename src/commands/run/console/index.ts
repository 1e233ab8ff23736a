import type {ApiPorts} from '../../../admin/api/ports.ts';
import type {ConsolePorts} from '../../../admin/console/ports.ts';
import type {Stores} from '../api/stores.ts';
import type {Process} from '../api/targets.ts';
import {decisionPort} from './decisions.ts';
import {groupPorts} from './groups.ts';
import {standingAt} from './standings.ts';

/** What the console shows and does beside what the API has. */
export function consolePorts(process: Process, stores: Stores, api: ApiPorts): ConsolePorts {
  return {
    standings: (subject) =>
      stores.ask(async (all) => {
        const found = await Promise.all(
          [...all.values()].map((stored) => standingAt(stored, subject, process)),
        );
        return {ok: true, value: found.filter((one) => one !== undefined)};
      }),
    decisions: decisionPort(process.loaded),
    groups: groupPorts(stores, api.letters),
  };
}
