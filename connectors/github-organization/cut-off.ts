import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import type {CallOptions, CutOffStep} from '../../src/core/port.ts';
import {read} from '../github/scim.ts';
import {authorizations, personalTokens} from './credentials.ts';
import {isMember, isInvited, leaveOrganization, withdrawInvitations} from './membership.ts';
import {personOf, type Org, type Person} from './org.ts';
import {endMembership} from './users.ts';

/** Who is being cut off; nothing when the identity is gone. */
export type Whose = (id: string, options: CallOptions) => Promise<Result<Person | undefined>>;

/** Belong to a repository, and outlive who added them (https://docs.github.com/en/authentication, "Deploy keys"). */
const deployKeys =
  'deploy keys that this person added: they belong to repositories, until somebody removes them there';

/**
 * The order that cuts access first: no membership, no access to anything of the organization; then what would give access
 * again with a new membership. Removal and deletion are one: GitHub keeps no identity of who is no member.
 */
export function cutOffSteps(org: Org): CutOffStep[] {
  const whose = rememberedWhose(org);
  const steps = [membership(org, whose), authorizations(org, whose)];
  return org.context.config().auth.app ? [...steps, personalTokens(org, whose)] : steps;
}

/**
 * GitHub forgets with the identity whose it was, and the later steps need to know: it is asked once, before the first
 * step, and kept for the steps of this run.
 */
function rememberedWhose(org: Org): Whose {
  const known = new Map<string, Person>();
  return async (id, options) => {
    const before = known.get(id);
    if (before?.login.ok) return ok(before);
    const person = await personOf(org, id, options);
    if (!person.ok) return person;
    if (!person.value) return ok(before);
    known.set(id, person.value);
    return person;
  };
}

const membership = (org: Org, whose: Whose): CutOffStep => ({
  name: 'membership',
  async act(id, options) {
    const person = await whose(id, options);
    if (!person.ok) return person;
    const ended = await endMembership(org, id, options);
    if (!ended.ok) return ended;
    if (ended.value === 'exists') return failed(refused);
    if (person.value) {
      // SCIM may leave the membership of an identity that was linked by hand, and an invitation that was mailed.
      const {login, emails} = person.value;
      const left =
        login.ok && login.value ? await leaveOrganization(org, login.value, options) : ok(undefined);
      if (!left.ok) return left;
      const withdrawn =
        login.ok && login.value ? ok(undefined) : await withdrawInvitations(org, emails, options);
      if (!withdrawn.ok) return withdrawn;
    }
    return ok(ended.value === 'missing' ? 'missing' : 'done');
  },
  async verify(id, options) {
    const identity = await read(org.scim, 'user', id, options);
    if (!identity.ok) return identity;
    if (identity.value) return ok({ended: false});
    const person = await whose(id, options);
    if (!person.ok) return person;
    if (!person.value) return ok({ended: true, remains: deployKeys});
    const {login, emails} = person.value;
    const goesOn =
      login.ok && login.value
        ? await isMember(org, login.value, options)
        : await isInvited(org, emails, options);
    return goesOn.ok ? ok({ended: !goesOn.value, remains: deployKeys}) : goesOn;
  },
});

const refused: Failure = {
  kind: 'conflict',
  message: 'GitHub refuses to end the membership',
  cause: '409',
  status: 409,
};
