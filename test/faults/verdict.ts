import type {RecordedRequest, RecordingTarget} from '../support/recording-target.ts';
import type {Resource} from '../support/target/store.ts';
import type {Model} from './model.ts';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const versionOf = (resource: Resource): number => Number(text(resource['title']).slice(1));

/** Where the target differs from the model, in words. */
export function differences(target: RecordingTarget, {people, groups}: Model): string[] {
  const byId = new Map([...target.users.values()].map((one) => [text(one['externalId']), one]));
  const found: string[] = [];
  for (const [id, {version, active}] of people) {
    const account = byId.get(id);
    if (account === undefined ? active : account['active'] !== active)
      found.push(`${id} should be ${active ? 'active' : 'inactive'}`);
    else if (active && account && versionOf(account) !== version)
      found.push(`${id} should be v${version} and is ${text(account['title'])}`);
  }
  for (const id of byId.keys()) if (!people.has(id)) found.push(`${id} should have no account`);
  const made = new Map([...target.groups.values()].map((one) => [text(one['displayName']), one]));
  for (const [id, members] of groups) {
    const values = (made.get(id)?.['members'] ?? []) as {value: string}[];
    const inside = values.map(({value}) => text(target.users.get(value)?.['externalId'])).sort();
    const wanted = [...members].filter((member) => people.has(member)).sort();
    if (inside.join() !== wanted.join())
      found.push(`${id} should hold ${wanted.join()} and holds ${inside.join()}`);
  }
  if (target.users.size !== byId.size) found.push('an account was made twice');
  return found;
}

/** Accepted writes that took an account back to what an older event says, in words. */
export function backwards(requests: readonly RecordedRequest[], {people}: Model): string[] {
  const latest = new Map<string, number>();
  const found: string[] = [];
  for (const {written, method, path} of requests) {
    if (written === undefined || written.meta.resourceType !== 'User') continue;
    const id = text(written['externalId']);
    const version = versionOf(written);
    const before = latest.get(id) ?? -1;
    if (version < before) found.push(`${id}: v${version} after v${before} by ${method} ${path}`);
    // Cut off first, told the rest later: inactive with an older title is right, active against its event never.
    if (written['active'] === true && people.get(id)?.history[version] !== true)
      found.push(`${id}: active although v${version} is a leave`);
    latest.set(id, Math.max(before, version));
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
