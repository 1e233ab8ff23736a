import type {ApiPorts} from '../../../admin/api/ports.ts';
import type {AuditStage} from '../../../stages/audit/index.ts';
import {listLanes} from '../../../stages/lanes/list.ts';
import {createNote} from './acts.ts';
import {keptForesee, type ForeseeAt} from './foresee.ts';
import {groupPorts} from './groups.ts';
import {auditPort} from './audit.ts';
import {holdPorts} from './holds.ts';
import {letterPorts} from './letters.ts';
import {pageOver} from './pages.ts';
import {openStores, type Stores} from './stores.ts';
import {subjectPorts} from './subjects.ts';
import {targetPorts, type Process} from './targets.ts';
import {laneView} from './views.ts';

/** What the API of a running service shows and does; it has a Redis client of its own, which `close` ends. */
export function openApiPorts(
  process: Process,
  audit: AuditStage,
): {ports: ApiPorts; stores: Stores; foresee: ForeseeAt; close: () => Promise<void>} {
  const stores = openStores(process.loaded, audit);
  const note = createNote(audit);
  const stop = new AbortController();
  const foresee = keptForesee(process.loaded);
  const ports: ApiPorts = {
    audit: auditPort(note, process.loaded),
    targets: targetPorts(stores, note, process),
    subjects: subjectPorts(stores, note, process.loaded, stop.signal),
    lanes: ({target}, paging) =>
      stores.ask((all) =>
        pageOver(all, target, paging, async (stored, inner) => {
          const {lanes, cursor} = await listLanes(stored, inner);
          return {items: lanes.map((lane) => laneView(stored.target, lane)), cursor};
        }),
      ),
    letters: letterPorts(stores, note),
    groups: groupPorts(stores, note, foresee),
    holds: holdPorts(stores, note),
  };
  return {
    ...{ports, stores, foresee},
    close: () => {
      stop.abort();
      return stores.close();
    },
  };
}
