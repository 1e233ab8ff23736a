import {CORE_GROUP, CORE_USER, ENTERPRISE} from './resource.ts';

/** How an attribute compares (RFC 7643 section 2.2): `exact` texts are caseExact, lists have typed values. */
export type Shape = 'text' | 'exact' | 'boolean' | 'name' | 'values' | 'addresses' | 'any';

export interface AttributeRef {
  /** The path in `Attributes`. */
  path: string;
  shape: Shape;
  part: string | undefined;
}

const shapes: Record<Exclude<Shape, 'any'>, readonly string[]> = {
  text: [
    ...[
      'userName',
      'displayName',
      'nickName',
      'title',
      'userType',
      'preferredLanguage',
      'locale',
      'timezone',
    ],
    ...['employeeNumber', 'costCenter', 'organization', 'division', 'department'],
  ],
  exact: ['externalId', 'profileUrl'],
  boolean: ['active'],
  name: ['name'],
  values: ['emails', 'phoneNumbers', 'photos', 'ims', 'roles', 'entitlements'],
  addresses: ['addresses'],
};

const parts: Partial<Record<Shape, Record<string, Shape>>> = {
  name: texts('formatted', 'familyName', 'givenName', 'middleName', 'honorificPrefix', 'honorificSuffix'),
  values: {...texts('value', 'display', 'type'), primary: 'boolean'},
  addresses: {
    ...texts('formatted', 'streetAddress', 'locality', 'region', 'postalCode', 'country', 'type'),
    primary: 'boolean',
  },
};

const enterprise = new Set(['employeeNumber', 'costCenter', 'organization', 'division', 'department']);

const known = new Map<string, {path: string; shape: Shape}>();
for (const [shape, names] of Object.entries(shapes) as [Shape, string[]][]) {
  for (const name of names) {
    known.set(name.toLowerCase(), {path: enterprise.has(name) ? `${ENTERPRISE}:${name}` : name, shape});
  }
}

/** The paths of the default mapping of users (`mapUser`), the manager's apart. */
export const userPaths: readonly string[] = [...known.values()].map(({path}) => path);

/** The name in `attributes.<name>`: an entry of the event's own map, whose names are told apart by case. */
export function ownAttribute(path: string): string | undefined {
  return /^attributes\.(.+)$/.exec(path)?.[1];
}

const ownUrns = new Set([ENTERPRISE, CORE_USER, CORE_GROUP].map((urn) => urn.toLowerCase()));

/**
 * What an attribute path of a filter names (RFC 7644 section 3.10), or why it names nothing. A bare sub-attribute of the
 * enterprise extension will do, and `attributes.<name>` is an entry of the event's own map. What no event has is refused: a
 * scope with a slip of the pen would put everyone out of it.
 */
export function resolveAttribute(attrPath: string): AttributeRef | string {
  if (ownAttribute(attrPath) !== undefined) return {path: attrPath, shape: 'text', part: undefined};
  const colon = attrPath.lastIndexOf(':');
  const [name = '', part, ...rest] = attrPath.slice(colon + 1).split('.');
  if (rest.length > 0) return `${attrPath} has too many parts`;
  const urn = attrPath.slice(0, Math.max(colon, 0)).toLowerCase();
  if (urn !== '' && !ownUrns.has(urn)) {
    return `${attrPath} is of a schema that events do not have: their own attributes are attributes.<name>`;
  }
  const attribute = known.get(name.toLowerCase());
  if (attribute === undefined) return `${attrPath} is not an attribute of a user or a group`;
  if (part === undefined) return {...attribute, part};
  const sub = resolvePart(attribute.shape, part);
  return sub ? {path: attribute.path, shape: attribute.shape, part: sub.name} : `${name} has no ${part}`;
}

/** A sub-attribute by its name, without regard to case. */
export function resolvePart(shape: Shape, part: string): {name: string; shape: Shape} | undefined {
  if (shape === 'any') return {name: part, shape: 'any'};
  const found = Object.entries(parts[shape] ?? {}).find(
    ([name]) => name.toLowerCase() === part.toLowerCase(),
  );
  return found && {name: found[0], shape: found[1]};
}

function texts(...names: string[]): Record<string, Shape> {
  return Object.fromEntries(names.map((name) => [name, 'text' as const]));
}
