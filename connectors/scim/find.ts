import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import type {CallOptions, LookUp} from '../../src/core/port.ts';
import type {Remote} from '../../src/core/resource.ts';
import {toRemote, type Kind} from './mapping.ts';
import {pages} from './paging.ts';
import {read} from './read.ts';
import type {Service} from './service.ts';

const ambiguous: Failure = {
  kind: 'conflict',
  message: 'more than one resource of the target matches the look-up',
  cause: 'ambiguous look-up',
};

/**
 * The one resource that matches. The filter only makes the list short: what it lets through is compared here, and where it is
 * ignored or refused, the whole list is read.
 */
export async function find(
  service: Service,
  kind: Kind,
  lookUp: LookUp,
  options: CallOptions,
): Promise<Result<Remote | undefined>> {
  if (lookUp.by === 'externalId' && service.profile().externalIdIsId)
    return read(service, kind, lookUp.value, options);
  const attribute = service.profile().rename[lookUp.by] ?? lookUp.by;
  // A JSON string is SCIM's form of a text in a filter (RFC 7644 section 3.4.2.2).
  const filtered = await scan(
    service,
    kind,
    lookUp,
    `${attribute} eq ${JSON.stringify(lookUp.value)}`,
    options,
  );
  if (filtered.ok || !refusesFilter(filtered.failure)) return filtered;
  return scan(service, kind, lookUp, undefined, options);
}

const refusesFilter = ({status, cause}: Failure): boolean =>
  status === 501 || (status === 400 && cause.endsWith('invalidFilter'));

async function scan(
  service: Service,
  kind: Kind,
  lookUp: LookUp,
  filter: string | undefined,
  options: CallOptions,
): Promise<Result<Remote | undefined>> {
  const profile = service.profile();
  const list = {
    path: kind === 'user' ? profile.usersPath : profile.groupsPath,
    query: filter === undefined ? {} : ({filter} as Record<string, string>),
    operation: `find ${kind}`,
    profile,
  };
  let match: Remote | undefined;
  let filtered = filter !== undefined;
  for await (const page of pages(service.ask, list, options)) {
    if (!page.ok) return page;
    for (const row of page.value.fresh) {
      const remote = toRemote(row, profile);
      if (!remote || !matches(remote, lookUp)) filtered = false;
      else if (match) return failed(ambiguous);
      else match = remote;
    }
    // A server that filters has said all; one that shows what was not asked for has to be read to its end.
    if (filtered && page.value.complete) break;
  }
  return ok(match);
}

/** `userName` is not case-exact (RFC 7643 section 4.1.1), `externalId` is; a group's name is held to the letter. */
function matches(remote: Remote, {by, value}: LookUp): boolean {
  const found = remote.attributes[by];
  if (typeof found !== 'string') return false;
  return by === 'userName' ? found.toLowerCase() === value.toLowerCase() : found === value;
}
