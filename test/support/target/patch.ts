import type {Json} from './store.ts';

/** One operation of a PatchOp (RFC 7644 section 3.5.2), as it came. */
export interface Operation {
  op?: unknown;
  path?: unknown;
  value?: unknown;
}

/** A PATCH that can not be applied: the `scimType` of its answer. */
export class PatchRefused extends Error {
  readonly scimType: string;

  constructor(scimType: string) {
    super(scimType);
    this.scimType = scimType;
  }
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const asList = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];
const valueOf = (element: unknown): unknown => (isObject(element) ? element['value'] : element);

/** The URN of an extension stands whole, or ends before an attribute's name: `urn:…:User:manager.value`. */
function split(path: string): string[] {
  if (/^urn:.*:(User|Group)$/.test(path)) return [path];
  const end = path.startsWith('urn:') ? path.lastIndexOf(':') : -1;
  const names = path.slice(end + 1).split('.');
  return end === -1 ? names : [path.slice(0, end), ...names];
}

function merge(present: unknown, added: unknown): unknown {
  if (Array.isArray(present) || Array.isArray(added)) {
    const list = asList(present);
    const known = new Set(list.map((element) => JSON.stringify(valueOf(element) ?? element)));
    const fresh = asList(added).filter((element) => !known.has(JSON.stringify(valueOf(element) ?? element)));
    return [...list, ...fresh];
  }
  return isObject(present) && isObject(added) ? {...present, ...added} : added;
}

/** A copy of `resource` with `change` applied to what stands at `names`. */
function at(resource: Json, names: readonly string[], change: (present: unknown) => unknown): Json {
  const [name = '', ...rest] = names;
  const present = resource[name];
  const next = rest.length === 0 ? change(present) : at(isObject(present) ? present : {}, rest, change);
  if (next !== undefined) return {...resource, [name]: next};
  return Object.fromEntries(Object.entries(resource).filter(([key]) => key !== name));
}

const elementPath = /^([\w:.]+?)\[(\w+) eq ("(?:[^"\\]|\\.)*"|true|false)\](?:\.(\w+))?$/i;

function changeElements(resource: Json, match: RegExpExecArray, op: string, value: unknown): Json {
  const [, attribute = '', key = '', literal = 'null', sub] = match;
  const wanted: unknown = JSON.parse(literal);
  const hit = (element: unknown): boolean => isObject(element) && element[key] === wanted;
  return at(resource, split(attribute), (present) => {
    const list = asList(present);
    if (op === 'remove' && sub === undefined) return list.filter((element) => !hit(element));
    if (!list.some(hit)) throw new PatchRefused('noTarget');
    return list.map((element) => {
      if (!hit(element) || !isObject(element)) return element;
      if (sub === undefined) return {...element, ...(isObject(value) ? value : {})};
      return at(element, [sub], () => (op === 'remove' ? undefined : value));
    });
  });
}

/** A copy of `resource` after one operation. A `remove` of a whole attribute that names values removes them all, as RFC 7644 has it. */
export function applyOperation(resource: Json, operation: Operation): Json {
  const op = typeof operation.op === 'string' ? operation.op.toLowerCase() : '';
  if (!['add', 'replace', 'remove'].includes(op)) throw new PatchRefused('invalidSyntax');
  const {path, value} = operation;
  if (path === undefined) {
    if (op === 'remove') throw new PatchRefused('noTarget');
    if (!isObject(value)) throw new PatchRefused('invalidValue');
    const entries = Object.entries(value);
    return entries.reduce(
      (into, [name, part]) => applyOperation(into, {op, path: name, value: part}),
      resource,
    );
  }
  if (typeof path !== 'string') throw new PatchRefused('invalidPath');
  const match = elementPath.exec(path);
  if (match !== null) return changeElements(resource, match, op, value);
  if (path.includes('[')) throw new PatchRefused('invalidPath');
  const names = split(path);
  if (op === 'remove') return at(resource, names, () => undefined);
  return at(resource, names, (present) => (op === 'add' ? merge(present, value) : value));
}
