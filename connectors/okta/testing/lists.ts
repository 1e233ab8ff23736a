import {textOf, type JsonObject} from '../../../src/core/json.ts';
import {fits, parseFilter} from './filter.ts';
import {badSearch, refusal, type Reply} from './refusals.ts';
import {groupRow, indexed, userRow, type Store} from './store.ts';

export interface ListRules {
  store: Store;
  /** Rows of a page at most, whatever `limit` says, so that a few users make pages. */
  pageSize: number;
  customAttributes: string[];
  customGroupAttributes: string[];
}

const filterable = {
  user: [
    'status',
    'lastUpdated',
    'id',
    'profile.login',
    'profile.email',
    'profile.firstName',
    'profile.lastName',
  ],
  group: ['id', 'type', 'lastUpdated', 'lastMembershipUpdated'],
};
const searchable = {
  user: [...filterable.user, 'profile.displayName', 'profile.employeeNumber'],
  group: [...filterable.group, 'profile.name', 'profile.description'],
};

/** GET /users and GET /groups: all, what a filter lets through, or what the search index knows of. */
export function listResources(
  rules: ListRules,
  kind: 'user' | 'group',
  query: URLSearchParams,
  url: URL,
): Reply {
  const {store} = rules;
  const filter = query.get('filter');
  const search = query.get('search');
  if (filter !== null && search !== null)
    return refusal(400, 'E0000033', "Can't specify a search query and filter in the same request.");
  const custom = kind === 'user' ? rules.customAttributes : rules.customGroupAttributes;
  const names =
    filter === null ? [...searchable[kind], ...custom.map((name) => `profile.${name}`)] : filterable[kind];
  const terms = parseFilter(filter ?? search ?? 'status eq "any"');
  if (!terms || terms.some(({path}) => (filter ?? search) !== null && !names.includes(path)))
    return badSearch();
  const stored =
    kind === 'user' ? [...store.users.values()].map(userRow) : [...store.groups.values()].map(groupRow);
  // Without a filter Okta leaves deactivated users out.
  if (filter === null && search === null)
    return page(
      stored.filter((row) => row['status'] !== 'DEPROVISIONED'),
      rules.pageSize,
      query,
      url,
    );
  const rows = (search === null ? stored : indexed(store, kind)).filter((row) =>
    fits(row, terms, search === null),
  );
  return page(rows, rules.pageSize, query, url);
}

/** One page, with a link to the next where there is more; the cursor is the id before it. */
export function page(rows: JsonObject[], pageSize: number, query: URLSearchParams, url: URL): Reply {
  const size = Math.min(Number(query.get('limit') ?? 200), pageSize);
  const after = query.get('after');
  const from = after === null ? 0 : rows.findIndex((row) => row['id'] === after) + 1;
  const body = rows.slice(from, from + size);
  const next = new URL(url);
  next.searchParams.set('after', textOf(body.at(-1)?.['id']) ?? '');
  const links = [`<${url.href}>; rel="self"`];
  if (from + size < rows.length) links.push(`<${next.href}>; rel="next"`);
  return {status: 200, body, headers: {link: links}};
}
