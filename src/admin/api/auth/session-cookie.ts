/**
 * The console's session is the token itself, in a cookie that no script can read and no other site can send. So there is no
 * store of sessions: a token that is taken out of the file, or has expired, ends its sessions on every replica.
 */
const name = 'avro-scim-session';

/** Longer ones are not kept by every browser (RFC 6265 section 6.1). */
export const longestSessionToken = 3800;

/** The token in a `Cookie` header. */
export const sessionToken = (header: string | undefined): string | undefined =>
  header
    ?.split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${name}=`))
    ?.slice(name.length + 1);

/** Whether a token can stand in a cookie as it is. */
export const fitsCookie = (token: string): boolean =>
  token.length <= longestSessionToken && /^[A-Za-z0-9._~+/=-]+$/.test(token);

/** A `Set-Cookie` header that begins a session, or with an empty token ends it. It lasts until the browser is closed. */
export const setCookie = (token: string, {isSecure}: {isSecure: boolean}): string =>
  [
    `${name}=${token}`,
    'Path=/',
    'HttpOnly',
    'SameSite=Strict',
    ...(isSecure ? ['Secure'] : []),
    ...(token === '' ? ['Max-Age=0'] : []),
  ].join('; ');
