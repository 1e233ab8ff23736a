import type {Release} from '../../core/parked.ts';
import type {ScriptArg} from './scripts.ts';

/** What the park, turn and letter scripts want of a release: token, kind, source, offset, time, flags. */
export function releaseArgs(release: Omit<Release, 'subject'>): ScriptArg[] {
  const {source, offset, occurredAt} = release.position;
  const flags =
    (release.maybeDone ? 'd' : '') +
    (release.decided ? 'p' : '') +
    (release.unwanted ? 'u' : '') +
    (release.endsReference ? 'r' : '');
  return [release.token ?? '', release.kind === 'user' ? 1 : 2, source, offset, occurredAt, flags];
}
