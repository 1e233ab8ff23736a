import type {ConnectorContext} from '../../src/core/connector.ts';
import {ok, type Result} from '../../src/core/failure.ts';
import type {CallOptions} from '../../src/core/port.ts';
import type {OktaConfig} from './manifest.ts';
import {listOf, requestToken} from './token.ts';

export interface Authorizer {
  /** The `authorization` header to send, by the config as it is now. */
  header(options: CallOptions): Promise<Result<string>>;
  /** Okta refused this header: another is tried where there is one. */
  refuse(header: string): void;
}

/** A token is fetched again when a minute of its hour is left. */
const refreshAheadMs = 60_000;

type OAuth2 = NonNullable<OktaConfig['auth']['oauth2']>;

/** API tokens in turn, or an access token that is fetched once for all who wait for it. */
export function createAuthorizer(context: ConnectorContext<OktaConfig>): Authorizer {
  const tokens = apiTokens();
  const client = oauthClient(context);
  return {
    async header(options) {
      const {apiToken, oauth2} = context.config().auth;
      return oauth2 ? client.header(oauth2, options) : ok(tokens.header(listOf(apiToken)));
    },
    refuse(header) {
      tokens.refuse(header);
      client.refuse(header);
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

function oauthClient(context: ConnectorContext<OktaConfig>): {
  header(oauth2: OAuth2, options: CallOptions): Promise<Result<string>>;
  refuse(header: string): void;
} {
  let token: {madeFrom: string; header: string; refreshAt: number} | undefined;
  let pending: {madeFrom: string; result: Promise<Result<string>>} | undefined;

  async function fetchToken(oauth2: OAuth2, madeFrom: string, options: CallOptions): Promise<Result<string>> {
    const keys = listOf(oauth2.privateKey);
    let fetched = await requestToken(context, oauth2, 0, options);
    if (!fetched.ok && fetched.failure.kind === 'unauthorized' && keys.length > 1)
      fetched = await requestToken(context, oauth2, 1, options);
    if (!fetched.ok) return fetched;
    const {header, lifeMs} = fetched.value;
    token = {madeFrom, header, refreshAt: context.now() + lifeMs - Math.min(lifeMs / 10, refreshAheadMs)};
    context.log.debug({target: context.target}, 'access token fetched');
    return ok(header);
  }

  return {
    async header(oauth2, options) {
      const madeFrom = JSON.stringify([oauth2, context.config().orgUrl]);
      if (token?.madeFrom === madeFrom && context.now() < token.refreshAt) return ok(token.header);
      if (pending?.madeFrom !== madeFrom) {
        const result = fetchToken(oauth2, madeFrom, options).finally(() => {
          if (pending?.result === result) pending = undefined;
        });
        pending = {madeFrom, result};
      }
      return pending.result;
    },
    refuse(header) {
      if (token?.header === header) token = undefined;
    },
  };
}
