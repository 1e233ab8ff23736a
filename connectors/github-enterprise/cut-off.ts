import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import {textOf, type JsonObject} from '../../src/core/json.ts';
import type {CallOptions, CutOffMode, CutOffStep} from '../../src/core/port.ts';
import type {Call} from '../github/client.ts';
import {loginOf} from '../github/identities.ts';
import {rowsOf} from '../github/pages.ts';
import {read, reads, write} from '../github/scim.ts';
import type {Enterprise} from './enterprise.ts';
import {patchBody} from './mapping.ts';

/**
 * The order that cuts access first: a suspended account can use nothing that it has. Deletion is GitHub's hard
 * deprovisioning, which takes tokens, keys and authorizations with it.
 */
export function cutOffSteps(enterprise: Enterprise, mode: CutOffMode): CutOffStep[] {
  if (mode === 'delete') return [suspension(enterprise), deletion(enterprise)];
  const isKept = enterprise.context.config().credentials === 'keep';
  return isKept ? [suspension(enterprise)] : [suspension(enterprise), credentials(enterprise)];
}

const kept =
  'tokens, SSH keys and authorizations are kept, as configured: useless while the account is suspended, they work again when it is ' +
  'reinstated';

/** Belong to a repository, and outlive who added them (https://docs.github.com/en/authentication, "Deploy keys"). */
const deployKeys =
  'deploy keys that this person added: they belong to repositories, until somebody removes them there';

const suspension = ({scim, context}: Enterprise): CutOffStep => ({
  name: 'suspend',
  async act(id, options) {
    const body = patchBody([{op: 'replace', path: 'active', value: false}]);
    const written = await write(
      scim,
      'user',
      id,
      {method: 'PATCH', body, operation: 'suspend user'},
      options,
    );
    if (!written.ok) return written;
    if (written.value === 'exists') return failed(refused);
    return ok(written.value === 'missing' ? 'missing' : 'done');
  },
  async verify(id, options) {
    const user = await read(scim, 'user', id, options);
    if (!user.ok) return user;
    const ended = user.value === undefined || user.value['active'] === false;
    const isKept = context.config().credentials === 'keep';
    return ok({ended, remains: isKept && user.value ? `${kept}; ${deployKeys}` : deployKeys});
  },
});

const refused: Failure = {
  kind: 'conflict',
  message: 'GitHub refuses to suspend the account',
  cause: '409',
  status: 409,
};

/** GitHub has answered that it will (202), and no list of an enterprise shows its people's tokens and keys. */
const queued =
  'tokens and SSH keys until GitHub, which has taken the request, destroys them in the background; it shows them in no list';

const unasked =
  'tokens and SSH keys: whether they were destroyed is not known, as GitHub shows them in no list';

const undestroyed =
  'tokens and SSH keys, which are not destroyed, as configured: they work again when the account is reinstated';

const unread = 'what they were authorized for, none of which was read, as `organizations` names none';

const meanwhile = 'none of it is of use while the account is suspended';

const hidden =
  'tokens and SSH keys, as GitHub does not show whose account the identity is: none is of use while the account is suspended, ' +
  'and they work again when it is reinstated';

function credentials(enterprise: Enterprise): CutOffStep {
  const asked = new Set<string>();
  return {
    name: 'credentials',
    async act(id, options) {
      const user = await read(enterprise.scim, 'user', id, options);
      if (!user.ok) return user;
      if (!user.value) return ok('missing');
      const login = await currentLogin(enterprise, id, user.value, options);
      if (!login.ok) return login;
      if (login.value === undefined) return ok('done');
      const answered = await enterprise.ask(revocation(enterprise, login.value), options);
      if (!answered.ok) return answered;
      asked.add(id);
      return ok('done');
    },
    verify: (id, options) => verifyCredentials(enterprise, id, asked.has(id), options),
  };
}
async function verifyCredentials(
  enterprise: Enterprise,
  id: string,
  isAsked: boolean,
  options: CallOptions,
): Promise<Result<{ended: boolean; remains?: string}>> {
  const user = await read(enterprise.scim, 'user', id, options);
  if (!user.ok) return user;
  if (!user.value) return ok({ended: true});
  if (user.value['active'] !== false) return ok({ended: false});
  const login = await currentLogin(enterprise, id, user.value, options);
  if (!login.ok) return login;
  if (login.value === undefined) return ok({ended: true, remains: hidden});
  const left = await isAuthorized(enterprise, login.value, options);
  return left.ok ? ok({ended: !left.value, remains: remainsOf(enterprise, isAsked)}) : left;
}

/** What no read has shown to have ended. */
function remainsOf({context}: Enterprise, isAsked: boolean): string {
  const {credentials: what, organizations} = context.config();
  const secrets = what === 'revoke' ? undestroyed : isAsked ? queued : unasked;
  return [secrets, ...(organizations.length > 0 ? [] : [unread]), meanwhile].join('; ');
}

function revocation({context}: Enterprise, login: string): Call {
  const {enterprise, credentials: what} = context.config();
  const of = `${encodeURIComponent(enterprise)}/credential-authorizations/${encodeURIComponent(login)}`;
  return {
    use: 'app',
    method: 'POST',
    path: `/enterprises/${of}/revoke`,
    body: {revoke_credentials: what === 'destroy'},
    operation: 'revoke credentials',
  };
}

/**
 * The login of now, as suspension gives the account another one; nothing where GitHub shows the identity and not the account.
 */
async function currentLogin(
  {ask, context}: Enterprise,
  id: string,
  user: JsonObject,
  options: CallOptions,
): Promise<Result<string | undefined>> {
  const owner = {kind: 'enterprise', name: context.config().enterprise} as const;
  const found = await loginOf(ask, owner, {id, userName: textOf(user['userName']) ?? ''}, options);
  if (!found.ok) return found;
  if (found.value === undefined) return failed(noAccount);
  return ok(found.value === 'unlinked' ? undefined : found.value.login);
}

const noAccount: Failure = {
  kind: 'rejected',
  message:
    'GitHub shows no such identity of the enterprise, so its credentials can not be ended: end them by hand',
  cause: 'identity not shown',
};

/** Whether one of the configured organizations still shows something that this account was authorized for. */
async function isAuthorized(
  {ask, context}: Enterprise,
  login: string,
  options: CallOptions,
): Promise<Result<boolean>> {
  for (const organization of context.config().organizations) {
    const rows = await rowsOf(ask, authorizationsOf(organization, login), options);
    if (!rows.ok) return rows;
    if (rows.value.some((row) => textOf(row['login'])?.toLowerCase() === login.toLowerCase()))
      return ok(true);
  }
  return ok(false);
}

/** What this account was authorized for in one organization; a check asks it too. */
export const authorizationsOf = (organization: string, login: string): Call => ({
  use: 'app',
  method: 'GET',
  path: `/orgs/${encodeURIComponent(organization)}/credential-authorizations`,
  query: {login},
  operation: 'read authorizations',
});

const deletion = ({scim}: Enterprise): CutOffStep => ({
  name: 'delete',
  async act(id, options) {
    const removed = await reads(scim, 'user').remove(id, options);
    if (!removed.ok) return removed;
    return ok(removed.value === 'missing' ? 'missing' : 'done');
  },
  async verify(id, options) {
    const user = await read(scim, 'user', id, options);
    return user.ok ? ok({ended: user.value === undefined}) : user;
  },
});
