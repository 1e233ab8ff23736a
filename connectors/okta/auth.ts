import type {ConnectorContext} from '../../src/core/connector.ts';
import {authorizerOf, createTokenKeeper, createTurns, type Authorizer} from '../../src/core/credential.ts';
import {ok} from '../../src/core/failure.ts';
import type {OktaConfig} from './manifest.ts';
import {requestToken} from './token.ts';

/** API tokens in turn, or an access token that is fetched once for all who wait for it. */
export function createAuthorizer(context: ConnectorContext<OktaConfig>): Authorizer {
  const turns = createTurns('SSWS');
  return authorizerOf(
    createTokenKeeper(context.now),
    () => {
      const {auth, orgUrl} = context.config();
      const {apiToken, oauth2} = auth;
      if (!oauth2) return ok({tokens: apiToken, turns});
      return ok({
        madeFrom: [oauth2, orgUrl],
        keys: oauth2.privateKey,
        fetch: (place, options) => requestToken(context, oauth2, place, options),
      });
    },
    () => context.log.debug({target: context.target}, 'access token fetched'),
  );
}
