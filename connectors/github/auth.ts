import type {ConnectorContext} from '../../src/core/connector.ts';
import {
  createTokenKeeper,
  createTurns,
  withEitherKey,
  type AccessToken,
  type Authorizer,
} from '../../src/core/credential.ts';
import {ok, type Result} from '../../src/core/failure.ts';
import type {CallOptions} from '../../src/core/port.ts';
import {requestToken} from './app-token.ts';
import type {GithubConfig} from './config.ts';

type App = NonNullable<GithubConfig['auth']['app']>;

/** Which of two credentials is asked first: SCIM and links of teams are for tokens of owners, all else is for an App. */
export type Use = 'token' | 'app';

/** An installation token is fetched again when five minutes of its hour are left. */
const refreshAheadMs = 300_000;

/** Tokens in turn, or an installation token that is fetched once for all who wait for it. */
export function createAuthorizers(context: ConnectorContext<GithubConfig>): Record<Use, Authorizer> {
  const tokens = createTurns('Bearer');
  const kept = createTokenKeeper(context.now, refreshAheadMs);
  const authorizer = (use: Use): Authorizer => ({
    async header(options) {
      const {auth, apiUrl} = context.config();
      const {token, app} = auth;
      if (!app || (use === 'token' && token !== undefined)) return ok(tokens.header(token));
      return kept.header(JSON.stringify([app, apiUrl]), () => fetchToken(context, app, options));
    },
    refuse(header) {
      tokens.refuse(header);
      kept.refuse(header);
    },
  });
  return {token: authorizer('token'), app: authorizer('app')};
}

async function fetchToken(
  context: ConnectorContext<GithubConfig>,
  app: App,
  options: CallOptions,
): Promise<Result<AccessToken>> {
  const fetched = await withEitherKey(app.privateKey, (place) => requestToken(context, app, place, options));
  if (fetched.ok) context.log.debug({target: context.target}, 'installation token fetched');
  return fetched;
}
