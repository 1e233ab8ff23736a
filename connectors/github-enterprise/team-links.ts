import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import type {CallOptions} from '../../src/core/port.ts';
import type {Json} from '../../src/core/resource.ts';
import type {Call} from '../github/client.ts';
import {pages, rowsIn} from '../github/pages.ts';
import type {Enterprise} from './enterprise.ts';
import type {EnterpriseConfig} from './manifest.ts';

type TeamLink = EnterpriseConfig['teams'][number];

/** Links each team that the config names for this group with it, so that GitHub keeps the team's members from then on. */
export async function linkTeams(
  enterprise: Enterprise,
  group: Json,
  options: CallOptions,
): Promise<Result<undefined>> {
  for (const link of enterprise.context.config().teams.filter((one) => one.group === group)) {
    const linked = await linkTeam(enterprise, link, options);
    if (!linked.ok) return linked;
  }
  return ok(undefined);
}

/** The read of what a team is linked with; a check asks it too. */
export const linkOf = ({organization, team}: TeamLink): Call => ({
  use: 'token',
  method: 'GET',
  path: `/orgs/${encodeURIComponent(organization)}/teams/${encodeURIComponent(team)}/external-groups`,
  operation: 'read team link',
});

async function linkTeam({ask}: Enterprise, link: TeamLink, options: CallOptions): Promise<Result<undefined>> {
  const there = await ask(linkOf(link), options);
  if (!there.ok) return there.failure.status === 404 ? failed(noTeam(there.failure)) : there;
  const now = rowsIn(there.value, 'groups');
  if (!now.ok) return now;
  if (now.value.some((row) => row['group_name'] === link.group)) return ok(undefined);
  const found = await groupNumber({ask}, link, options);
  if (!found.ok) return found;
  const call: Call = {
    ...linkOf(link),
    method: 'PATCH',
    body: {group_id: found.value},
    operation: 'link team',
  };
  const answered = await ask(call, options);
  if (answered.ok) return ok(undefined);
  // A refusal here is about the team: SCIM has just taken this credential.
  const {failure} = answered;
  return failed(failure.status === 403 && failure.kind === 'unauthorized' ? notAllowed(failure) : failure);
}

/** The number by which an organization knows a SCIM group; the filter lets through what contains the name. */
async function groupNumber(
  {ask}: Pick<Enterprise, 'ask'>,
  {organization, group}: TeamLink,
  options: CallOptions,
): Promise<Result<number>> {
  const call: Call = {
    use: 'token',
    method: 'GET',
    path: `/orgs/${encodeURIComponent(organization)}/external-groups`,
    query: {display_name: group},
    operation: 'find external group',
  };
  for await (const page of pages(ask, call, options, 'groups')) {
    if (!page.ok) return page;
    const id = Number(page.value.find((row) => row['group_name'] === group)?.['group_id'] ?? Number.NaN);
    if (Number.isInteger(id)) return ok(id);
  }
  return failed(notShown);
}

const notShown: Failure = {
  kind: 'transient',
  message: 'GitHub does not show the group to the organization of its team yet',
  cause: 'external group not shown',
};

const noTeam = (failure: Failure): Failure => ({
  ...failure,
  kind: 'rejected',
  message:
    'a team that `teams` names is not there, or the credential may not see it: no team is made for a group',
  cause: '404 team',
});

const notAllowed = (failure: Failure): Failure => ({
  ...failure,
  kind: 'rejected',
  message:
    'the credential may not link a team that `teams` names: make its account an owner of the organization, and the token ' +
    'classic with the scope admin:org',
  cause: '403 team link',
});
