import {ok, type Result} from '../../src/core/failure.ts';
import {isObject, textOf, type JsonObject} from '../../src/core/json.ts';
import type {CallOptions, CutOffStep} from '../../src/core/port.ts';
import type {Call} from '../github/client.ts';
import {idOf} from '../github/json.ts';
import {rowsOf} from '../github/pages.ts';
import type {Whose} from './cut-off.ts';
import {accountOf, askAbout, teamsRead, type Org} from './org.ts';

/** What a step reads, and how it ends one row of it. */
interface Credentials {
  name: string;
  list: (org: Org, login: string) => Call;
  isOf: (row: JsonObject, login: string) => boolean;
  end: (org: Org, row: JsonObject) => Call;
  /** Said when there is an account to speak of. */
  remains?: (org: Org) => string | undefined;
}

const forgotten =
  'whether credentials are still authorized could not be asked, as GitHub forgets whose an identity was: none of them ' +
  'opens anything of the organization to who is no member';

const unlinked =
  'whether credentials are authorized was not asked, as no account is linked with the identity: nobody has signed in with it, ' +
  'or GitHub has let go of the link';

const unseenTokens =
  'fine-grained personal access tokens, which GitHub shows to Apps alone: none opens anything of the organization to who is ' +
  'no member';

/** One read for what there is, one call for each, and the same read again. */
const credentialStep = (org: Org, whose: Whose, credentials: Credentials): CutOffStep => ({
  name: credentials.name,
  async act(id, options) {
    const rows = await rowsFor(org, whose, credentials, id, options);
    if (!rows.ok) return rows;
    if (rows.value === 'gone') return ok('missing');
    if (rows.value === 'unlinked') return ok('done');
    for (const row of rows.value) {
      const ended = await askAbout(org, credentials.end(org, row), options);
      if (!ended.ok) return ended;
    }
    return ok('done');
  },
  async verify(id, options) {
    const rows = await rowsFor(org, whose, credentials, id, options);
    if (!rows.ok) return rows;
    if (rows.value === 'gone') return ok({ended: true, remains: forgotten});
    if (rows.value === 'unlinked') return ok({ended: true, remains: unlinked});
    const remains = credentials.remains?.(org);
    return ok({ended: rows.value.length === 0, ...(remains === undefined ? {} : {remains})});
  },
});

async function rowsFor(
  org: Org,
  whose: Whose,
  {list, isOf}: Credentials,
  id: string,
  options: CallOptions,
): Promise<Result<JsonObject[] | 'gone' | 'unlinked'>> {
  const person = await whose(id, options);
  if (!person.ok) return person;
  if (!person.value) return ok('gone');
  const account = accountOf(person.value);
  if (!account.ok) return account;
  if (account.value === 'unlinked') return ok('unlinked');
  const {login} = account.value;
  const rows = await rowsOf(org.ask, list(org, login), options);
  return rows.ok ? ok(rows.value.filter((row) => isOf(row, login))) : rows;
}

const isSameLogin = (found: unknown, login: string): boolean =>
  typeof found === 'string' && found.toLowerCase() === login.toLowerCase();

/** What this person's tokens, SSH keys and apps were authorized for by single sign-on. */
export const authorizations = (org: Org, whose: Whose): CutOffStep =>
  credentialStep(org, whose, {
    name: 'credential authorizations',
    list: (at, login) => ({
      use: 'app',
      method: 'GET',
      path: at.path('/credential-authorizations'),
      query: {login},
      operation: 'read authorizations',
    }),
    isOf: (row, login) => isSameLogin(row['login'], login),
    end: (at, row) => ({
      use: 'app',
      method: 'DELETE',
      path: at.path(`/credential-authorizations/${idOf(row['credential_id'])}`),
      operation: 'revoke authorization',
      missing: teamsRead(at),
    }),
    remains: (at) => (at.context.config().auth.app ? undefined : unseenTokens),
  });

/** Fine-grained tokens that were let into the organization; GitHub shows them to Apps alone. */
export const personalTokens = (org: Org, whose: Whose): CutOffStep =>
  credentialStep(org, whose, {
    name: 'personal access tokens',
    list: (at, login) => ({
      use: 'app',
      method: 'GET',
      path: at.path('/personal-access-tokens'),
      query: {'owner[]': login},
      operation: 'read tokens',
    }),
    isOf: ({owner}, login) => isObject(owner) && isSameLogin(textOf(owner['login']), login),
    end: (at, row) => ({
      use: 'app',
      method: 'POST',
      path: at.path(`/personal-access-tokens/${idOf(row['id'])}`),
      body: {action: 'revoke'},
      operation: 'revoke token',
      missing: teamsRead(at),
    }),
  });
