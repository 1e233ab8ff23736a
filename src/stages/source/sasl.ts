import type {KafkaConfig, OauthbearerProviderResponse, SASLOptions} from 'kafkajs';

interface Password {
  username: string;
  password: string;
}

interface ClientCredentials {
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  scope?: string | undefined;
}

export type SaslConfig =
  | ({mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'} & Password)
  | ({mechanism: 'oauthbearer'} & ClientCredentials)
  | {mechanism: 'aws'; region: string};

/** KafkaJS's own form of it. `read` is asked at each authentication; the mechanism stays what it was at the start. */
export function createSasl(read: () => SaslConfig): Exclude<KafkaConfig['sasl'], undefined> {
  const first = read();
  switch (first.mechanism) {
    case 'plain':
    case 'scram-sha-256':
    case 'scram-sha-512':
      return passwordOptions(first.mechanism, () => ({...first, ...read()}));
    case 'oauthbearer': {
      const credentials = (): ClientCredentials => ({...first, ...read()});
      return {mechanism: 'oauthbearer', oauthBearerProvider: keepToken(() => fetchToken(credentials()))};
    }
    case 'aws':
      return {mechanism: 'oauthbearer', oauthBearerProvider: keepToken(() => signForMsk(first.region))};
  }
}

/** KafkaJS reads the two when it signs in. */
function passwordOptions(
  mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512',
  read: () => Password,
): SASLOptions {
  return {
    mechanism,
    get username() {
      return read().username;
    },
    get password() {
      return read().password;
    },
  };
}

interface Token {
  value: string;
  expiresAtMs: number;
}

const earlyMs = 60_000;
const tokenDeadlineMs = 10_000;

/** The same token for every connection until a minute before its end; asked for once at a time. */
export function keepToken(
  ask: () => Promise<Token>,
  now: () => number = Date.now,
): () => Promise<OauthbearerProviderResponse> {
  let kept: Token | undefined;
  let pending: Promise<Token> | undefined;
  return async () => {
    if (kept && now() < kept.expiresAtMs - earlyMs) return {value: kept.value};
    pending ??= ask().finally(() => (pending = undefined));
    kept = await pending;
    return {value: kept.value};
  };
}

/** OAuth 2.0 client credentials (RFC 6749 sections 2.3.1 and 4.4). The secret goes to the token endpoint alone. */
export async function fetchToken({
  tokenUrl,
  clientId,
  clientSecret,
  scope,
}: ClientCredentials): Promise<Token> {
  const basic = Buffer.from(`${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`).toString(
    'base64',
  );
  const askedAtMs = Date.now();
  const answer = await fetch(tokenUrl, {
    method: 'POST',
    headers: {Authorization: `Basic ${basic}`, Accept: 'application/json'},
    body: new URLSearchParams({grant_type: 'client_credentials', ...(scope !== undefined && {scope})}),
    redirect: 'error',
    signal: AbortSignal.timeout(tokenDeadlineMs),
  });
  if (!answer.ok) {
    await answer.body?.cancel();
    throw new Error(`the token endpoint ${new URL(tokenUrl).host} answers ${answer.status}`);
  }
  const body = (await answer.json()) as {access_token?: unknown; expires_in?: unknown};
  if (typeof body.access_token !== 'string' || body.access_token === '') {
    throw new Error(`the token endpoint ${new URL(tokenUrl).host} answers without an access_token`);
  }
  const lifeSeconds = Number(body.expires_in);
  return {
    value: body.access_token,
    expiresAtMs: askedAtMs + (Number.isFinite(lifeSeconds) ? lifeSeconds : 300) * 1000,
  };
}

/** A token for Amazon MSK, signed with the credentials of the environment. The AWS SDK is loaded when it is needed. */
async function signForMsk(region: string): Promise<Token> {
  const {generateAuthToken} = await import('aws-msk-iam-sasl-signer-js');
  const {token, expiryTime} = await generateAuthToken({region});
  return {value: token, expiresAtMs: expiryTime};
}
