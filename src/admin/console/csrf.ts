import {createHmac, timingSafeEqual} from 'node:crypto';

const about = 'avro-scim console form';

/**
 * What a form of one session carries: made from the session's own token, which no other site and no script can read. So every replica
 * takes it, and it ends with the session.
 */
export const csrfOf = (session: string | undefined): string =>
  session === undefined ? '' : createHmac('sha256', session).update(about).digest('base64url');

/** Whether a form comes from a page that this session was shown. Without a session no form is heard. */
export function isOwnForm(session: string | undefined, given: string | undefined): boolean {
  if (session === undefined || given === undefined) return false;
  const expected = Buffer.from(csrfOf(session));
  const found = Buffer.from(given);
  return expected.length === found.length && timingSafeEqual(expected, found);
}
