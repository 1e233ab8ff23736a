import {hostname, userInfo} from 'node:os';

/** Who runs the command, for the audit: `user@host`. */
export function person(): string {
  return `${userName()}@${hostname()}`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container's user often has no name.
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
