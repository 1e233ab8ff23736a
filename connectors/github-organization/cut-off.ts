import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import type {CallOptions, CutOffStep} from '../../src/core/port.ts';
import {signedInAs} from '../github/identities.ts';
import {read} from '../github/scim.ts';
import {authorizations, personalTokens} from './credentials.ts';
import {isInside, isInvited, leaveOrganization, toOneOf, withdrawInvitations} from './membership.ts';
import {accountOf, personOf, type Org, type Person} from './org.ts';
import {endMembership} from './users.ts';

/** Somebody who is being cut off. */
interface Leaver extends Person {
  /** No account is linked with the identity: whoever is invited may still accept, be another account theirs or not. */
  isAwaited: boolean;
}

/** Who is being cut off; nothing when the identity is gone. */
export type Whose = (id: string, options: CallOptions) => Promise<Result<Leaver | undefined>>;

/** Belong to a repository, and outlive who added them (https://docs.github.com/en/authentication, "Deploy keys"). */
const deployKeys =
  'deploy keys that this person added: they belong to repositories, until somebody removes them there';

/** Each repository has its own list of them (https://docs.github.com/en/rest/collaborators/invitations). */
const unended =
  'invitations to single repositories that this person has not accepted, for seven days at most: they are withdrawn there; ' +
  deployKeys;

const unlinked =
  'what an account without single sign-on may have: GitHub shows none that is linked with the identity, or has signed in under its ' +
  'name or addresses, so no other was read';

const forgotten =
  'the membership, and access as an outside collaborator, which could not be read, as GitHub had no such identity any more and forgets with it whose account it was; ' +
  'GitHub ends the membership with the identity where the two were linked';

/**
 * The order that cuts access first: no membership, no access to anything of the organization; then what would give access
 * again with a new membership. The identity goes last: GitHub forgets with it whose account it was, and until then a
 * cut-off that died half way can be run again.
 */
export function cutOffSteps(org: Org): CutOffStep[] {
  const whose = rememberedWhose(org);
  const steps = [membership(org, whose), authorizations(org, whose)];
  if (org.context.config().auth.app) steps.push(personalTokens(org, whose));
  const ends: Ends = new Map();
  return [...steps.map((step) => noted(step, ends)), identity(org, whose, steps, ends)];
}

/** How a step ended for a person in this run, by both their names: proved, or why not. */
type Ends = Map<string, 'proved' | Failure>;

const keyOf = ({name}: CutOffStep, id: string): string => `${name} ${id}`;

const notEnded: Failure = {
  kind: 'transient',
  message:
    'the identity is kept until the other steps have ended, as GitHub forgets with it whose account it was',
  cause: 'identity kept',
};

const noted = (step: CutOffStep, ends: Ends): CutOffStep => ({
  name: step.name,
  async act(id, options) {
    const acted = await step.act(id, options);
    if (!acted.ok) ends.set(keyOf(step, id), acted.failure);
    return acted;
  },
  async verify(id, options) {
    const verified = await step.verify(id, options);
    if (!verified.ok) ends.set(keyOf(step, id), verified.failure);
    else ends.set(keyOf(step, id), verified.value.ended ? 'proved' : notEnded);
    return verified;
  },
});

/** What was found of a person while the identity was there, for the steps of this run. */
function rememberedWhose(org: Org): Whose {
  const known = new Map<string, Leaver>();
  return async (id, options) => {
    const before = known.get(id);
    if (before?.account.ok) return ok(before);
    const person = await personOf(org, id, options);
    if (!person.ok) return person;
    if (!person.value) return ok(before);
    const leaver = await leaverOf(org, person.value, options);
    known.set(id, leaver);
    return ok(leaver);
  };
}

/** Where GitHub did not link a sign-in with the identity, the account is known by the name that it signed in with. */
async function leaverOf(org: Org, person: Person, options: CallOptions): Promise<Leaver> {
  const {account, names} = person;
  if (!account.ok || account.value !== 'unlinked') return {...person, isAwaited: false};
  const owner = {kind: 'organization', name: org.context.config().organization} as const;
  const signedIn = await signedInAs(org.ask, owner, names, options);
  return {...person, account: signedIn, isAwaited: true};
}

const membership = (org: Org, whose: Whose): CutOffStep => ({
  name: 'membership',
  async act(id, options) {
    const person = await whose(id, options);
    if (!person.ok) return person;
    if (!person.value) return ok('missing');
    const account = accountOf(person.value);
    if (!account.ok) return account;
    const {isAwaited, emails} = person.value;
    const withdrawn = isAwaited ? await withdrawInvitations(org, toOneOf(emails), options) : ok(undefined);
    if (!withdrawn.ok || account.value === 'unlinked') return withdrawn.ok ? ok('done') : withdrawn;
    const left = await leaveOrganization(org, account.value.login, options);
    return left.ok ? ok('done') : left;
  },
  async verify(id, options) {
    const person = await whose(id, options);
    if (!person.ok) return person;
    if (!person.value) return ok({ended: true, remains: `${forgotten}; ${unended}`});
    const account = accountOf(person.value);
    if (!account.ok) return account;
    const {isAwaited, emails} = person.value;
    const invited = isAwaited ? await isInvited(org, toOneOf(emails), options) : ok(false);
    if (!invited.ok) return invited;
    if (account.value === 'unlinked') return ok({ended: !invited.value, remains: unlinked});
    const inside = await isInside(org, account.value.login, options);
    return inside.ok ? ok({ended: !invited.value && !inside.value, remains: unended}) : inside;
  },
});

/** Removal and deletion are one: GitHub keeps no identity of who is no member. */
const identity = (org: Org, whose: Whose, others: readonly CutOffStep[], ends: Ends): CutOffStep => ({
  name: 'identity',
  async act(id, options) {
    const person = await whose(id, options);
    if (!person.ok) return person;
    if (!person.value) return ok('missing');
    const {account} = person.value;
    // Where nobody will ever be told whose it is, there is nothing to keep it for, and SCIM may end what it can.
    const isKept = !account.ok || account.value !== undefined;
    const open = others.map((step) => ends.get(keyOf(step, id)) ?? notEnded).find((end) => end !== 'proved');
    if (isKept && open) return failed(open);
    const ended = await endMembership(org, id, options);
    if (!ended.ok) return ended;
    if (ended.value === 'exists') return failed(refused);
    return ok(ended.value === 'missing' ? 'missing' : 'done');
  },
  async verify(id, options) {
    const found = await read(org.scim, 'user', id, options);
    return found.ok ? ok({ended: found.value === undefined}) : found;
  },
});

const refused: Failure = {
  kind: 'conflict',
  message: 'GitHub refuses to end the membership',
  cause: '409',
  status: 409,
};
