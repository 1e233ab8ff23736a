import type {ConnectorContext} from '../../src/core/connector.ts';
import {authorizerOf, createTokenKeeper, createTurns, type Authorizer} from '../../src/core/credential.ts';
import {ok} from '../../src/core/failure.ts';
import {requestToken} from './app-token.ts';
import type {GithubConfig} from './config.ts';

/** Which of two credentials is asked first: SCIM and links of teams are for tokens of owners, all else is for an App. */
export type Use = 'token' | 'app';

/** An installation token is fetched again when five minutes of its hour are left. */
const refreshAheadMs = 300_000;

/** Tokens in turn, or an installation token that is fetched once for all who wait for it. */
export function createAuthorizers(context: ConnectorContext<GithubConfig>): Record<Use, Authorizer> {
  const turns = createTurns('Bearer');
  const kept = createTokenKeeper(context.now, refreshAheadMs);
  const authorizer = (use: Use): Authorizer =>
    authorizerOf(
      kept,
      () => {
        const {auth, apiUrl} = context.config();
        const {token, app} = auth;
        if (!app || (use === 'token' && token !== undefined)) return ok({tokens: token, turns});
        return ok({
          madeFrom: [app, apiUrl],
          keys: app.privateKey,
          fetch: (place, options) => requestToken(context, app, place, options),
        });
      },
      () => context.log.debug({target: context.target}, 'installation token fetched'),
    );
  return {token: authorizer('token'), app: authorizer('app')};
}
