import type {ApiPorts, Asked} from '../../../admin/api/ports.ts';
import {refused, type Answer} from '../../../admin/api/problem.ts';
import type {GroupName, GroupPreview, GroupProgress, GroupView} from '../../../admin/api/schema/groups.ts';
import type {LetterGroup} from '../../../stages/dead-letters/index.ts';
import type {RetryPreview, RetryProgress} from '../../../stages/dead-letters/retries.ts';
import type {Stored} from '../../stored/open.ts';
import {actorOf, type Note} from './acts.ts';
import type {ForeseeAt} from './foresee.ts';
import {groupPage} from './group-page.ts';
import {chosenStores, noTarget} from './pages.ts';
import type {Stores} from './stores.ts';
import {isoOf} from './views.ts';

/** Groups of dead letters over the API. */
export function groupPorts(stores: Stores, note: Note, foresee: ForeseeAt): ApiPorts['groups'] {
  const at = <T>({target}: GroupName, work: (stored: Stored) => Promise<Answer<T>>): Promise<Answer<T>> =>
    stores.ask((all) => {
      const stored = all.get(target);
      return stored ? work(stored) : Promise.resolve(refused(noTarget([...all.keys()], target)));
    });
  return {
    list: ({target}, paging) =>
      stores.ask(async (all) => {
        const chosen = chosenStores(all, target);
        if (!chosen.ok) return chosen;
        const found = (await Promise.all(chosen.value.map(({letters}) => letters.groups()))).flat();
        const page = groupPage(found, paging);
        if (!page.ok) return page;
        const letters = found.reduce((sum, {count}) => sum + count, 0);
        const items = page.value.items.map(groupView);
        return {ok: true, value: {...page.value, items, causes: found.length, letters}};
      }),
    preview: (name) =>
      at(name, async ({target, retries}) => {
        const preview = await retries.previewRetry(name.group, foresee(target));
        return preview ? {ok: true, value: previewView(preview)} : refused(noGroup(name));
      }),
    progress: (name, after) => at(name, (stored) => progressOf(stored, name, after)),
    retry: (name, token, asked) => at(name, (stored) => start(stored, name, {token, asked, note})),
    stop: (name, asked) =>
      at(name, async (stored) => {
        const running = await stored.retries.running();
        if (!running.includes(name.group)) return refused(notRunning(name));
        const {target} = stored;
        const noted = await note(asked, [
          {action: `${groupRetry} stopped`, target, about: {group: name.group}},
        ]);
        if (!noted.ok) return noted;
        await stored.retries.stopRetry(name.group);
        return progressOf(stored, name);
      }),
  };
}

/** As the audit has it. */
const groupRetry = 'retry of a group of dead letters';

const noGroup = ({target, group}: GroupName) =>
  ({kind: 'unknown', detail: `There is no group ${group} of dead letters at ${target}.`}) as const;

const notRunning = ({target, group}: GroupName) =>
  ({kind: 'wrong-state', detail: `No retry of ${group} at ${target} runs.`, state: 'not running'}) as const;

async function start(
  stored: Stored,
  name: GroupName,
  {token, asked, note}: {token: string; asked: Asked; note: Note},
): Promise<Answer<GroupProgress>> {
  const {target, retries} = stored;
  const {group} = name;
  const found = (await retries.groupsOf()).find(({id}) => id === group);
  if (!found) return refused(noGroup(name));
  const about = {group, letters: String(found.count)};
  const noted = await note(asked, [{action: `${groupRetry} asked for`, target, about}]);
  if (!noted.ok) return noted;
  const {reason} = asked;
  const begun = await retries.startRetry(group, token, {
    by: actorOf(asked),
    ...(reason !== undefined && {reason}),
  });
  switch (begun.result) {
    case 'started':
      return progressOf(stored, name);
    case 'running':
      return refused({
        kind: 'wrong-state',
        detail: `A retry of ${group} at ${target} runs already.`,
        state: 'running',
      });
    case 'stale': {
      const {count} = begun;
      const detail = `The group is not what the preview has shown: ${count} letters by now. None was retried.`;
      return refused({kind: 'stale-preview', detail, count});
    }
    default:
      return begun satisfies never;
  }
}

async function progressOf(
  {retries}: Stored,
  name: GroupName,
  after?: string,
): Promise<Answer<GroupProgress>> {
  const found = await retries.retryProgress(name.group, after);
  if (found) return {ok: true, value: progressView(found)};
  const {target, group} = name;
  return refused({kind: 'unknown', detail: `No retry of ${group} at ${target} is remembered.`});
}

const groupView = ({firstAt, lastAt, ...group}: LetterGroup): GroupView => ({
  ...group,
  firstAt: isoOf(firstAt),
  lastAt: isoOf(lastAt),
});

/** Without the attributes that would be written: they are a person's. */
const previewView = ({group, sample, ...preview}: RetryPreview): GroupPreview => ({
  ...preview,
  group: groupView(group),
  sample: sample.map(({id, subject, does, reason}) => ({
    ...{id, subject, does},
    ...(reason !== undefined && {reason}),
  })),
});

const progressView = ({startedAt, endedAt, ...progress}: RetryProgress): GroupProgress => ({
  ...progress,
  startedAt: isoOf(startedAt),
  ...(endedAt !== undefined && {endedAt: isoOf(endedAt)}),
});
