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
import type {OktaConfig} from './manifest.ts';
import {requestToken} from './token.ts';

type OAuth2 = NonNullable<OktaConfig['auth']['oauth2']>;

/** API tokens in turn, or an access token that is fetched once for all who wait for it. */
export function createAuthorizer(context: ConnectorContext<OktaConfig>): Authorizer {
  const tokens = createTurns('SSWS');
  const kept = createTokenKeeper(context.now);
  return {
    async header(options) {
      const {auth, orgUrl} = context.config();
      const {apiToken, oauth2} = auth;
      if (!oauth2) return ok(tokens.header(apiToken));
      return kept.header(JSON.stringify([oauth2, orgUrl]), () => fetchToken(context, oauth2, options));
    },
    refuse(header) {
      tokens.refuse(header);
      kept.refuse(header);
    },
  };
}

async function fetchToken(
  context: ConnectorContext<OktaConfig>,
  oauth2: OAuth2,
  options: CallOptions,
): Promise<Result<AccessToken>> {
  const fetched = await withEitherKey(oauth2.privateKey, (place) =>
    requestToken(context, oauth2, place, options),
  );
  if (fetched.ok) context.log.debug({target: context.target}, 'access token fetched');
  return fetched;
}
