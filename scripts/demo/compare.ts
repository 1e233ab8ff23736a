import type {VendorState} from '../../test/doubles/vendors/vendor.ts';
import type {ServerState} from '../../test/doubles/control.ts';
import {ENTERPRISE} from '../../src/core/resource.ts';
import type {Expected, ExpectedUser} from './model.ts';

type Row = Record<string, unknown>;

/** How a target differs from what it must hold: a line in words each, none when it does not. */
export function differences(state: ServerState, expected: Expected): string[] {
  const subjects = new Map(state.users.map((row) => [textOf(row['id']), textOf(row['externalId'])]));
  return [
    ...differ('user', rowsBySubject(state.users), expected.users, (row, wanted) =>
      userDifferences(flatten(row, subjects), wanted),
    ),
    ...differ('group', rowsBySubject(state.groups), expected.groups, (row, wanted) => [
      ...unlike('displayName', row['displayName'], wanted.displayName),
      ...memberDifferences(membersOf(row, subjects), wanted.members),
    ]),
  ];
}

/**
 * How a vendor's double differs: people who may come in, and members of groups. A leaver may be there or gone, and a group's
 * name may have no blank where the service takes none (`takesBlanks`).
 */
export function vendorDifferences(
  {people, groups}: VendorState,
  expected: Expected,
  takesBlanks: boolean,
): string[] {
  const wanted = [...expected.users].filter(([, {active}]) => active).map(([id]) => id);
  const found = Object.keys(people).filter((id) => people[id]);
  const named = [...expected.groups.values()].filter(
    ({displayName}) => takesBlanks || !displayName.includes(' '),
  );
  const names = new Set([...named.map(({displayName}) => displayName), ...Object.keys(groups)]);
  return [
    ...memberDifferences(new Set(found), new Set(wanted)).map((text) => `everybody: ${text}`),
    ...[...names].flatMap((name) => {
      const group = named.find(({displayName}) => displayName === name);
      if (!group) return [`group ${name} is there and should not be`];
      const there = groups[name];
      if (!there) return [`group ${name} is missing`];
      return memberDifferences(new Set(there), group.members).map((text) => `group ${name}: ${text}`);
    }),
  ];
}

function differ<Wanted>(
  kind: string,
  rows: Map<string, Row[]>,
  expected: Map<string, Wanted>,
  look: (row: Row, wanted: Wanted) => string[],
): string[] {
  const found: string[] = [];
  for (const id of new Set([...rows.keys(), ...expected.keys()])) {
    const [row, ...doubles] = rows.get(id) ?? [];
    const wanted = expected.get(id);
    if (doubles.length > 0) found.push(`${kind} ${id} is there ${doubles.length + 1} times`);
    if (row === undefined) found.push(`${kind} ${id} is missing`);
    else if (wanted === undefined) found.push(`${kind} ${id} is there and should not be`);
    else found.push(...look(row, wanted).map((difference) => `${kind} ${id}: ${difference}`));
  }
  return found;
}

/** Accounts that this program made carry the subject's id as externalId. */
function rowsBySubject(rows: readonly Row[]): Map<string, Row[]> {
  return Map.groupBy(rows, (row) => textOf(row['externalId']));
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const unlike = (name: string, found: unknown, wanted: unknown): string[] =>
  found === wanted ? [] : [`${name} is ${shown(found)}, should be ${shown(wanted)}`];

const shown = (value: unknown): string => (value === undefined ? 'not there' : JSON.stringify(value));

const userAttributes = [
  'userName',
  'active',
  'displayName',
  'title',
  'department',
  'email',
  'manager',
] as const;

function userDifferences(found: Partial<ExpectedUser>, wanted: ExpectedUser): string[] {
  return userAttributes.flatMap((name) => unlike(name, found[name], wanted[name]));
}

/** A stored SCIM user in the model's terms. */
function flatten(row: Row, subjects: ReadonlyMap<string, string>): Partial<ExpectedUser> {
  const extension = (row[ENTERPRISE] ?? {}) as {department?: string; manager?: {value?: string}};
  const [email] = (row['emails'] ?? []) as {value?: string}[];
  const managerId = extension.manager?.value;
  const parts = {
    ...row,
    department: extension.department,
    email: email?.value,
    manager: managerId === undefined ? undefined : (subjects.get(managerId) ?? managerId),
  };
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}

const membersOf = (row: Row, subjects: ReadonlyMap<string, string>): Set<string> =>
  new Set(
    ((row['members'] ?? []) as {value: string}[]).map(({value}) => subjects.get(value) ?? `unknown ${value}`),
  );

const memberDifferences = (found: ReadonlySet<string>, wanted: ReadonlySet<string>): string[] => [
  ...[...wanted.difference(found)].map((id) => `${id} is not a member and should be`),
  ...[...found.difference(wanted)].map((id) => `${id} is a member and should not be`),
];
