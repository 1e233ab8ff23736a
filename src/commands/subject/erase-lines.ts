import type {Erasable} from '../../stages/erasures/index.ts';
import type {Buried} from './bury.ts';
import type {Erased} from './erase-at.ts';

const dayMs = 86_400_000;

/** What would be erased at one target, or why nothing would be. */
export function foundLine(target: string, found: Erasable, refusal: string | undefined): string {
  const {letters, parked, held, waitsForGroups, hasTraces, remoteId, keepsAccount, isBusy} = found;
  const ids = (all: readonly {id: string}[]): string => all.map(({id}) => id).join(', ');
  const things = [
    ...(letters.length > 0 ? [`${letters.length} dead letter(s): ${ids(letters)}`] : []),
    ...(parked.length > 0 ? [`${parked.length} parked change(s): ${ids(parked)}`] : []),
    ...(held ? [`what is held: ${held.id}`] : []),
    ...(hasTraces ? ['what was last applied or asked for'] : []),
    ...(waitsForGroups.length > 0 ? [`that it waits to enter ${waitsForGroups.join(', ')}`] : []),
    ...(remoteId === undefined || keepsAccount ? [] : [`that account ${remoteId} was its own`]),
  ];
  const what = things.length === 0 ? 'nothing of it is kept but its position' : things.join('; ');
  const stays = keepsAccount ? `; the id of account ${remoteId ?? ''} stays until that is ended` : '';
  const busy = isBusy ? '; it is in work now, which is waited for' : '';
  return `${target}: ${refusal === undefined ? what + stays + busy : `nothing is erased: ${refusal} (--force: ${what})`}`;
}

/** What became of it at one target. */
export function resultLine({target, result, reason, letters, parked, holds}: Erased): string {
  const counts = `${letters} dead letter(s), ${parked} parked change(s), ${holds} hold(s)`;
  switch (result) {
    case 'erased':
      return `${target}: erased, with ${counts}`;
    case 'partly':
      return `${target}: erased but for a cut-off that is not finished, with ${counts}; erase again when it is`;
    case 'nothing':
      return `${target}: nothing to erase`;
    case 'refused':
      return `${target}: not erased: ${reason ?? ''}`;
    case 'busy':
      return `${target}: work on it did not end; erased so far: ${counts}; the same command goes on`;
    default:
      return result satisfies never;
  }
}

/** What became of the copies in Kafka, and when they are gone. */
export function buriedLines({topics, unreachable}: Buried): string[] {
  if (unreachable !== undefined) return [];
  if (topics.length === 0) return ['Kafka: there is no topic with copies of dead letters'];
  return topics.map(({topic, isCompacted, retentionMs}) => {
    if (isCompacted) return `${topic}: tombstone written: compaction removes the copies`;
    const ends = retentionMs < 0 ? 'never by itself' : `by retention, after ${retentionMs / dayMs} day(s)`;
    return `${topic}: tombstone written, but the topic is not compacted: the copies go ${ends}`;
  });
}
