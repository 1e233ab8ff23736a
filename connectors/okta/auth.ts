import type {ConnectorContext} from '../../src/core/connector.ts';
import {createTokenKeeper, type AccessToken, type Authorizer} from '../../src/core/credential.ts';
import {ok, type Result} from '../../src/core/failure.ts';
import type {CallOptions} from '../../src/core/port.ts';
import type {OktaConfig} from './manifest.ts';
import {listOf, requestToken} from './token.ts';

type OAuth2 = NonNullable<OktaConfig['auth']['oauth2']>;

/** API tokens in turn, or an access token that is fetched once for all who wait for it. */
export function createAuthorizer(context: ConnectorContext<OktaConfig>): Authorizer {
  const tokens = apiTokens();
  const kept = createTokenKeeper(context.now);
  return {
    async header(options) {
      const {auth, orgUrl} = context.config();
      const {apiToken, oauth2} = auth;
      if (!oauth2) return ok(tokens.header(listOf(apiToken)));
      return kept.header(JSON.stringify([oauth2, orgUrl]), () => fetchToken(context, oauth2, options));
    },
    refuse(header) {
      tokens.refuse(header);
      kept.refuse(header);
    },
  };
}

/** The first token that was not refused; when all were, all of them count again. */
function apiTokens(): {header(given: readonly string[]): string; refuse(header: string): void} {
  const refused = new Set<string>();
  return {
    header(given) {
      const headers = given.map((token) => `SSWS ${token.trim()}`);
      const fit = headers.find((header) => !refused.has(header));
      if (fit === undefined) refused.clear();
      return fit ?? headers[0] ?? '';
    },
    refuse: (header) => refused.add(header),
  };
}

/** A token that the first key gets, or else the second. */
async function fetchToken(
  context: ConnectorContext<OktaConfig>,
  oauth2: OAuth2,
  options: CallOptions,
): Promise<Result<AccessToken>> {
  const first = await requestToken(context, oauth2, 0, options);
  const hasOther = listOf(oauth2.privateKey).length > 1;
  const fetched =
    !first.ok && first.failure.kind === 'unauthorized' && hasOther
      ? await requestToken(context, oauth2, 1, options)
      : first;
  if (fetched.ok) context.log.debug({target: context.target}, 'access token fetched');
  return fetched;
}
