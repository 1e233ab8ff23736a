import type {IncomingMessage} from 'node:http';
import {isObject, parseJson, type JsonObject} from '../../../src/core/json.ts';
import {listen} from '../../testing/listening.ts';

/** In which ways a vendor's SCIM differs from the RFCs; what it does not know it refuses. */
export interface Rules {
  /** The id is the externalId that it was given. */
  idIsExternal?: boolean;
  /** `active: false` removes the account for good. */
  deactivationDeletes?: boolean;
  /** `active: true` is refused. */
  refusesActivation?: boolean;
  /** Whatever else an update of a user says is refused. */
  updatesActiveAlone?: boolean;
  keepsUsers?: boolean;
  hasNoGroups?: boolean;
  /** `Replace` and `"false"`, as its documents write them. */
  capitalized?: boolean;
  /** Members stand in an object of their own. */
  nestedMembers?: boolean;
  /** Neither startIndex nor count may be named. */
  hasNoPages?: boolean;
  accept?: string;
}

export interface Vendor {
  url: string;
  users: Map<string, JsonObject>;
  groups: Map<string, JsonObject>;
  close(): Promise<void>;
}

type Answer = [status: number, body?: JsonObject];

const refusal = (status: number, detail: string): Answer => [
  status,
  {schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'], status: String(status), detail},
];
const missing = refusal(404, 'not found');

/** A small stateful SCIM service on loopback that keeps to one vendor's rules. */
export async function startVendor(rules: Rules): Promise<Vendor> {
  const stored = {users: new Map<string, JsonObject>(), groups: new Map<string, JsonObject>()};
  const {url, close} = await listen((request, response, text) => {
    const body = parseJson(text);
    const [status, answer] = answerTo(request, isObject(body) ? body : {});
    response.writeHead(status, {'content-type': 'application/scim+json'});
    response.end(answer === undefined ? undefined : JSON.stringify(answer));
  });

  function answerTo(request: IncomingMessage, body: JsonObject): Answer {
    const url = new URL(request.url ?? '/', 'http://vendor.example');
    const [, kind, id] = url.pathname.split('/');
    if (rules.accept !== undefined && request.headers.accept !== rules.accept)
      return refusal(406, 'Accept has to name SCIM alone');
    if (kind === 'Groups' && rules.hasNoGroups) return missing;
    const rows = kind === 'Users' ? stored.users : kind === 'Groups' ? stored.groups : undefined;
    if (!rows) return missing;
    if (id === undefined) return request.method === 'POST' ? created(rows, body) : listed(rows, url, rules);
    const row = rows.get(decodeURIComponent(id));
    if (!row) return missing;
    if (request.method === 'GET') return [200, row];
    if (request.method === 'PATCH') return patched(rows, row, body, kind === 'Users');
    if (kind === 'Users' && rules.keepsUsers) return refusal(405, 'users are kept');
    rows.delete(idOf(row));
    return [204];
  }

  function created(rows: Map<string, JsonObject>, body: JsonObject): Answer {
    const name = rows === stored.users ? 'userName' : 'displayName';
    for (const row of rows.values()) if (row[name] === body[name]) return refusal(409, 'taken');
    const external = body['externalId'];
    if (rules.idIsExternal && typeof external !== 'string') return refusal(412, 'externalId is missing');
    const id = rules.idIsExternal && typeof external === 'string' ? external : crypto.randomUUID();
    const row = {...body, id};
    rows.set(id, row);
    return [201, row];
  }

  function patched(
    rows: Map<string, JsonObject>,
    row: JsonObject,
    body: JsonObject,
    isUser: boolean,
  ): Answer {
    const operations = Array.isArray(body['Operations'])
      ? body['Operations'].filter((one) => isObject(one))
      : [];
    for (const operation of operations) {
      const {path, value = null} = operation;
      const op = nameOf(operation['op'], rules);
      if (op === undefined || typeof path !== 'string') return refusal(400, 'no such operation');
      if (path === 'members') {
        const members = membersIn(value, rules);
        if (!members) return refusal(400, 'members are not written so');
        row['members'] = membersAfter(row, members, op);
      } else if (path === 'active') {
        const [yes, no] = rules.capitalized ? ['true', 'false'] : [true, false];
        if (value === yes && rules.refusesActivation) return refusal(400, 'only false can be said');
        if (value === yes) row['active'] = true;
        else if (value !== no) return refusal(400, 'active is not written so');
        else if (rules.deactivationDeletes) rows.delete(idOf(row));
        else row['active'] = false;
      } else if (isUser && rules.updatesActiveAlone) return refusal(400, `${path} can not be changed`);
      else row[path] = value;
    }
    return [204];
  }

  return {url, ...stored, close};
}

/** The id of a resource, or the one that a member has as its value. */
function idOf(row: JsonObject[string]): string {
  const id = isObject(row) ? (row['id'] ?? row['value']) : row;
  return typeof id === 'string' ? id : '';
}

function nameOf(op: unknown, {capitalized}: Rules): 'add' | 'remove' | 'replace' | undefined {
  const known = {add: 'Add', remove: 'Remove', replace: 'Replace'} as const;
  const names = ['add', 'remove', 'replace'] as const;
  return names.find((name) => op === (capitalized ? known[name] : name));
}

function membersIn(value: JsonObject[string], {nestedMembers}: Rules): string[] | undefined {
  const list = nestedMembers ? isObject(value) && value['members'] : value;
  if (!Array.isArray(list)) return undefined;
  return list.map(idOf);
}

function membersAfter(row: JsonObject, named: readonly string[], op: string): JsonObject[] {
  const there = (Array.isArray(row['members']) ? row['members'] : []).map(idOf);
  const left = op === 'remove' ? there.filter((id) => !named.includes(id)) : [...there, ...named];
  return [...new Set(left)].map((value) => ({value}));
}

const perPage = 2;

function listed(rows: Map<string, JsonObject>, url: URL, {hasNoPages}: Rules): Answer {
  const asked = ['startIndex', 'count'].some((name) => url.searchParams.has(name));
  if (hasNoPages && asked) return refusal(400, 'lists have no pages');
  const [, attribute, value] = /^(\w+) eq (".*")$/.exec(url.searchParams.get('filter') ?? '') ?? [];
  const matching = [...rows.values()].filter(
    (row) => attribute === undefined || row[attribute] === JSON.parse(value ?? '""'),
  );
  const from = hasNoPages ? 0 : Number(url.searchParams.get('startIndex') ?? 1) - 1;
  const page = hasNoPages ? matching : matching.slice(from, from + perPage);
  return [200, {totalResults: matching.length, Resources: page}];
}
