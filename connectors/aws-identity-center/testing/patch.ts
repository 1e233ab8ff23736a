import {isObject, textOf, type JsonObject} from '../../../src/core/json.ts';
import {ENTERPRISE, type Json} from '../../../src/core/resource.ts';
import {isGroup, isTaken, isUser, patchable} from './rules.ts';
import {
  duplicate,
  invalid,
  notFound,
  rowOf,
  type Reply,
  type Store,
  type Stored,
  type StoredGroup,
} from './store.ts';

interface Operation {
  op: string;
  path: string | undefined;
  value: Json | undefined;
}

/** The operations of a PATCH; nothing where it is not one (RFC 7644 section 3.5.2: op in lower case, a value to set). */
function operationsOf(body: JsonObject): Operation[] | undefined {
  const {schemas, Operations: given} = body;
  if (JSON.stringify(schemas) !== '["urn:ietf:params:scim:api:messages:2.0:PatchOp"]') return undefined;
  if (!Array.isArray(given) || given.length === 0) return undefined;
  const operations = given.flatMap((one) =>
    isObject(one) ? [{op: textOf(one['op']) ?? '', path: textOf(one['path']), value: one['value']}] : [],
  );
  const isFit = ({op, path, value}: Operation): boolean =>
    op === 'remove'
      ? path !== undefined
      : ['add', 'replace'].includes(op) && value !== undefined && value !== null;
  return operations.length === given.length && operations.every(isFit) ? operations : undefined;
}

/** All or nothing, and the user in the answer (developer guide, PatchUser). */
export function patchUser(store: Store, user: Stored, body: JsonObject): Reply {
  const operations = operationsOf(body);
  if (!operations) return invalid();
  const patched = structuredClone(user.body);
  for (const [index, {op, path = '', value}] of operations.entries()) {
    if (!patchable.includes(path)) return invalid();
    const isOnce = ['userName', 'active'].includes(path);
    if (isOnce && (op === 'remove' || operations.findIndex((one) => one.path === path) !== index))
      return invalid();
    if (!set(patched, path, op === 'remove' ? undefined : value)) return invalid();
  }
  if (ENTERPRISE in patched && Array.isArray(patched['schemas']) && !patched['schemas'].includes(ENTERPRISE))
    patched['schemas'].push(ENTERPRISE);
  if (!isUser(store, patched)) return invalid();
  if (isTaken(store, 'user', patched, user.id)) return duplicate();
  user.body = patched;
  return {status: 200, body: rowOf('user', user)};
}

/** Whether it could be done: what is not there can not be removed. */
function set(body: JsonObject, path: string, value: Json | undefined): boolean {
  const cut = path.startsWith(`${ENTERPRISE}:`) ? ENTERPRISE.length : path.indexOf('.');
  if (cut > 0) {
    const [outer, inner] = [path.slice(0, cut), path.slice(cut + 1)];
    const there = body[outer];
    const object = isObject(there) ? there : {};
    const done = set(object, inner, value);
    body[outer] = object;
    return done;
  }
  if (value === undefined) {
    const wasThere = path in body;
    Reflect.deleteProperty(body, path);
    return wasThere;
  }
  const there = body[path];
  body[path] = isObject(value) && isObject(there) ? {...there, ...value} : value;
  return true;
}

/** Only the name, the externalId and members; never all members at once (developer guide, PatchGroup). */
export function patchGroup(store: Store, group: StoredGroup, body: JsonObject): Reply {
  const operations = operationsOf(body);
  if (!operations) return invalid();
  const patched = structuredClone(group.body);
  const members = new Set(group.members);
  let changes = 0;
  for (const {op, path = '', value} of operations) {
    if (path === 'members') {
      const ids = memberIds(value);
      if (op === 'replace' || !ids || (changes += ids.length) > 100) return invalid();
      for (const id of ids) {
        const refused = move(store, members, op, id);
        if (refused) return refused;
      }
    } else if (!['displayName', 'externalId'].includes(path)) return invalid();
    else if (!set(patched, path, op === 'remove' ? undefined : value)) return invalid();
  }
  if (!isGroup(patched)) return invalid();
  if (isTaken(store, 'group', patched, group.id)) return duplicate();
  Object.assign(group, {body: patched, members});
  return {status: 204};
}

function move(store: Store, members: Set<string>, op: string, id: string): Reply | undefined {
  if (!store.users.has(id)) return notFound('USER', id);
  if (store.refusesNoChange && members.has(id) === (op === 'add'))
    return op === 'add' ? duplicate() : invalid();
  if (op === 'add') members.add(id);
  else members.delete(id);
  return undefined;
}

function memberIds(value: Json | undefined): string[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const ids = value.flatMap((one) => (isObject(one) ? (textOf(one['value']) ?? []) : []));
  return ids.length === value.length ? ids : undefined;
}
