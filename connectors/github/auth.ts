import type {ConnectorContext} from '../../src/core/connector.ts';
import {ok, type Result} from '../../src/core/failure.ts';
import type {CallOptions} from '../../src/core/port.ts';
import {requestToken} from './app-token.ts';
import {listOf, type GithubConfig} from './config.ts';

type App = NonNullable<GithubConfig['auth']['app']>;

/** Which of two credentials is asked first: SCIM and links of teams are for tokens of owners, all else is for an App. */
export type Use = 'token' | 'app';

export interface Authorizer {
  /** The `authorization` header to send, by the config as it is now. */
  header(use: Use, options: CallOptions): Promise<Result<string>>;
  /** GitHub refused this header: another is tried where there is one. */
  refuse(header: string): void;
}

/** An installation token is fetched again when five minutes of its hour are left. */
const refreshAheadMs = 300_000;

/** Tokens in turn, or an installation token that is fetched once for all who wait for it. */
export function createAuthorizer(context: ConnectorContext<GithubConfig>): Authorizer {
  const tokens = givenTokens();
  const installation = installationTokens(context);
  return {
    async header(use, options) {
      const {token, app} = context.config().auth;
      if (app && (use === 'app' || token === undefined)) return installation.header(app, options);
      return ok(tokens.header(listOf(token)));
    },
    refuse(header) {
      tokens.refuse(header);
      installation.refuse(header);
    },
  };
}

/** The first token that was not refused; when all were, all of them count again. */
function givenTokens(): {header(given: readonly string[]): string; refuse(header: string): void} {
  const refused = new Set<string>();
  return {
    header(given) {
      const headers = given.map((token) => `Bearer ${token.trim()}`);
      const fit = headers.find((header) => !refused.has(header));
      if (fit === undefined) refused.clear();
      return fit ?? headers[0] ?? '';
    },
    refuse: (header) => refused.add(header),
  };
}

function installationTokens(context: ConnectorContext<GithubConfig>): {
  header(app: App, options: CallOptions): Promise<Result<string>>;
  refuse(header: string): void;
} {
  let token: {madeFrom: string; header: string; refreshAt: number} | undefined;
  let pending: {madeFrom: string; result: Promise<Result<string>>} | undefined;

  async function fetchToken(app: App, madeFrom: string, options: CallOptions): Promise<Result<string>> {
    let fetched = await requestToken(context, app, 0, options);
    if (!fetched.ok && fetched.failure.kind === 'unauthorized' && listOf(app.privateKey).length > 1)
      fetched = await requestToken(context, app, 1, options);
    if (!fetched.ok) return fetched;
    const {header, lifeMs} = fetched.value;
    token = {madeFrom, header, refreshAt: context.now() + lifeMs - Math.min(lifeMs / 10, refreshAheadMs)};
    context.log.debug({target: context.target}, 'installation token fetched');
    return ok(header);
  }

  return {
    async header(app, options) {
      const madeFrom = JSON.stringify([app, context.config().apiUrl]);
      if (token?.madeFrom === madeFrom && context.now() < token.refreshAt) return ok(token.header);
      if (pending?.madeFrom !== madeFrom) {
        const result = fetchToken(app, madeFrom, options).finally(() => {
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
