import type {AuditRecord} from '../../src/core/audit.ts';
import type {RecordedRequest, RecordingTarget} from '../support/recording-target.ts';
import type {Resource} from '../support/target/store.ts';
import type {WasDone, WasHeld} from './journal.ts';
import {groupName, type Model, type Subject} from './model.ts';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const versionOf = (resource: Resource): number =>
  Number(/v(\d+)$/.exec(text(resource['title'] ?? resource['displayName']))?.[1] ?? -1);
const subjectOf = (resource: Resource | undefined): string => text(resource?.['externalId']);
const membersOf = (group: Resource | undefined): string[] =>
  ((group?.['members'] ?? []) as {value: string}[]).map(({value}) => value);

/** By the audit: what was carried out is so for good, and what was only overtaken was not; nothing says of the rest. */
export function doneBy(audit: readonly AuditRecord[]): WasDone {
  const outcomes = new Map<string, boolean>();
  for (const {subject, occurredAt, outcome} of audit) {
    const id = `${subject}@${occurredAt ?? ''}`;
    if (outcome === 'applied' || outcome === 'unchanged') outcomes.set(id, true);
  }
  return (subject, at) => outcomes.get(`${subject}@${at}`);
}

/** By the audit. */
export function heldBy(audit: readonly AuditRecord[]): WasHeld {
  const held = audit.filter(({outcome}) => outcome === 'held');
  const ids = new Set(held.map(({subject, occurredAt}) => `${subject}@${occurredAt ?? ''}`));
  return (subject, at) => ids.has(`${subject}@${at}`);
}

/** Where the target differs from the model, in words. */
export function differences(target: RecordingTarget, model: Model, wasDone: WasDone): string[] {
  const accounts = new Map([...target.users.values()].map((one) => [subjectOf(one), one]));
  const groups = new Map([...target.groups.values()].map((one) => [subjectOf(one), one]));
  const found: string[] = [];
  for (const [id, person] of model.people) found.push(...differenceOf(id, person, accounts.get(id)));
  for (const id of accounts.keys()) if (!model.people.has(id)) found.push(`${id} should have no account`);
  for (const [id, {version, isThere}] of model.groups) {
    const name = groups.get(id)?.['displayName'];
    const wanted = isThere ? groupName(id, version) : undefined;
    if (name !== wanted) found.push(`${id} should be called ${wanted ?? 'nothing'} and is ${text(name)}`);
    const inside = new Set(membersOf(groups.get(id)).map((value) => subjectOf(target.users.get(value))));
    for (const person of new Set([...model.members, ...inside])) {
      const standing = model.journal.standing(id, person, wasDone);
      if (standing !== 'either' && (standing === 'in') !== inside.has(person))
        found.push(`${person} should be ${standing} of ${id}`);
    }
  }
  if (target.users.size !== accounts.size) found.push('an account was made twice');
  if (target.groups.size !== groups.size) found.push('a group was made twice');
  return found;
}

function differenceOf(id: string, {isThere, version}: Subject, account: Resource | undefined): string[] {
  if (account === undefined ? isThere : account['active'] !== isThere)
    return [`${id} should be ${isThere ? 'active' : 'inactive'}`];
  return isThere && account && versionOf(account) !== version
    ? [`${id} should be v${version} and is ${text(account['title'])}`]
    : [];
}

/** Accepted writes that took a person or a group back to what an older event says, in words. */
export function backwards(requests: readonly RecordedRequest[], {people, groups}: Model): string[] {
  const latest = new Map<string, number>();
  const found: string[] = [];
  for (const {written, method, path} of requests) {
    if (written === undefined) continue;
    const id = subjectOf(written);
    const version = versionOf(written);
    const before = latest.get(id) ?? -1;
    if (version < before) found.push(`${id}: v${version} after v${before} by ${method} ${path}`);
    const isGroup = written.meta.resourceType === 'Group';
    const history = (isGroup ? groups : people).get(id)?.history;
    // Cut off first, told the rest later: inactive with an older title is right, active against its event never.
    if ((isGroup || written['active'] === true) && history?.[version] !== true)
      found.push(`${id}: there although v${version} says that it is not`);
    latest.set(id, Math.max(before, version));
  }
  return found;
}

/** Of each membership: what the target showed of it, in turn. */
function shownOf(requests: readonly RecordedRequest[], groups: Model['groups']) {
  const persons = new Map<string, string>();
  const remotes = new Map<string, string>();
  const inside = new Map([...groups.keys()].map((id) => [id, new Set<string>()]));
  const shown = new Map<string, {group: string; person: string; seen: boolean[]; by: string[]}>();

  function show(group: string, now: Set<string>, by: string): void {
    const before = inside.get(group) ?? new Set();
    for (const person of before.symmetricDifference(now)) {
      const key = `${group}/${person}`;
      const one = shown.get(key) ?? {group, person, seen: [], by: []};
      shown.set(key, one);
      one.seen.push(now.has(person));
      one.by.push(by);
    }
    inside.set(group, now);
  }
  for (const {written, method, path, status, atMs} of requests) {
    const by = `${method} ${path} at ${atMs}`;
    const gone = method === 'DELETE' && status === 204 ? remotes.get(path) : undefined;
    if (gone !== undefined) show(gone, new Set(), by);
    if (written?.meta.resourceType === 'User') persons.set(written.id, subjectOf(written));
    if (written?.meta.resourceType !== 'Group') continue;
    remotes.set(`/Groups/${written.id}`, subjectOf(written));
    show(subjectOf(written), new Set(membersOf(written).map((value) => persons.get(value) ?? value)), by);
  }
  return shown.values();
}

/** Accepted writes that took a membership back to what older news says, in words. */
export function reverted(
  requests: readonly RecordedRequest[],
  {journal, groups}: Model,
  wasHeld: WasHeld,
): string[] {
  const found: string[] = [];
  for (const {group, person, seen, by} of shownOf(requests, groups)) {
    const at = journal.firstBackwards(group, person, seen, wasHeld);
    if (at !== undefined)
      found.push(`${person} ${seen[at] ? 'in' : 'out of'} ${group} again by ${by[at] ?? ''}`);
  }
  return found;
}

export interface Figures {
  requests: number;
  /** Accepted writes that changed nothing of what was there. */
  duplicates: number;
  /** Requests other than reads that were sent before, word for word, and not answered then. */
  repeated: number;
}

const content = (resource: Resource): string => JSON.stringify({...resource, meta: undefined});

export function figuresOf(requests: readonly RecordedRequest[]): Figures {
  const last = new Map<string, string>();
  const unanswered = new Set<string>();
  let [duplicates, repeated] = [0, 0];
  for (const request of requests) {
    const {method, path, body, written, answered} = request;
    if (method === 'GET') continue;
    const key = `${method} ${path} ${body}`;
    if (unanswered.delete(key)) repeated += 1;
    if (!answered) unanswered.add(key);
    if (written === undefined) continue;
    const place = `${written.meta.resourceType}/${written.id}`;
    if (last.get(place) === content(written)) duplicates += 1;
    last.set(place, content(written));
  }
  return {requests: requests.length, duplicates, repeated};
}
