import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import {textOf, type JsonObject} from '../../src/core/json.ts';
import type {CallOptions} from '../../src/core/port.ts';
import {readById, type Org} from './org.ts';
import {rowsOf} from './pages.ts';

const ambiguous: Failure = {
  kind: 'conflict',
  message: 'more than one resource at Okta matches the look-up',
  cause: 'ambiguous look-up',
};

/**
 * Okta's search lags behind what was written ("eventually consistent"); its filter does not. What was written within this
 * time is looked through by the filter, so that what a lost answer created is found.
 */
const searchLagMs = 5 * 60_000;

export interface Wanted {
  kind: 'user' | 'group';
  /** The profile attribute, and the text that it has. */
  attribute: string;
  value: string;
  matches: (row: JsonObject) => boolean;
  /** Holds for every row that counts: `type eq "OKTA_GROUP"`. */
  only?: string;
}

/** A text of Okta's filter language (https://developer.okta.com/docs/api/#filter): a JSON string. */
const quoted = JSON.stringify;

/** The one resource that matches, as it is now. What Okta lets through is compared here. */
export async function find(
  org: Org,
  wanted: Wanted,
  options: CallOptions,
): Promise<Result<JsonObject | undefined>> {
  const {attribute, value} = wanted;
  const equal = `profile.${attribute} eq ${quoted(value)}`;
  // Of logins alone there is a filter, and it minds upper and lower case: what it does not find, the search may.
  if (attribute === 'login') {
    const exact = await matching(org, wanted, {filter: equal}, options);
    if (!exact.ok || exact.value.length > 0) return one(exact);
  }
  const found = await matching(org, wanted, {search: allOf(equal, wanted.only)}, options);
  if (!found.ok || found.value.length > 0) return one(found);
  const since = new Date(org.context.now() - searchLagMs).toISOString();
  return one(
    await matching(org, wanted, {filter: allOf(`lastUpdated gt ${quoted(since)}`, wanted.only)}, options),
  );
}

const allOf = (...terms: (string | undefined)[]): string =>
  terms.filter((term) => term !== undefined).join(' and ');

function one(rows: Result<JsonObject[]>): Result<JsonObject | undefined> {
  if (!rows.ok) return rows;
  return rows.value.length > 1 ? failed(ambiguous) : ok(rows.value[0]);
}

async function matching(
  org: Org,
  {kind, matches}: Wanted,
  query: Record<string, string>,
  options: CallOptions,
): Promise<Result<JsonObject[]>> {
  const path = `/api/v1/${kind}s`;
  const call = {method: 'GET', path, query: {...query, limit: '200'}, operation: `find ${kind}`} as const;
  const rows = await rowsOf(org.ask, call, options);
  if (!rows.ok) return rows;
  const candidates = (rows.value ?? []).filter(matches);
  if (query['search'] === undefined) return ok(candidates);
  // The index may show what is no more so.
  const found: JsonObject[] = [];
  for (const row of candidates) {
    const now = await readById(org, kind, textOf(row['id']) ?? '', options);
    if (!now.ok) return now;
    if (now.value && matches(now.value)) found.push(now.value);
  }
  return ok(found);
}
