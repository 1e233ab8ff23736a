import type {Admin} from 'kafkajs';
import {epochOf} from './start.ts';

/** What a group has committed for one partition. */
export interface Committed {
  topic: string;
  partition: number;
  offset: string;
  metadata: string;
}

/** What Kafka has of this group, for each partition of these topics. */
export async function fetchCommitted(
  admin: Admin,
  groupId: string,
  topics: readonly string[],
): Promise<Committed[]> {
  const answer = await admin.fetchOffsets({groupId, topics: [...topics]});
  return answer.flatMap(({topic, partitions}) =>
    partitions.map(({partition, offset, metadata}) => ({topic, partition, offset, metadata: metadata ?? ''})),
  );
}

/** A replica that learns a little later than this one that their store was wiped commits once more under the old epoch. */
const enoughMoves = 2;

/**
 * Notices who commits as this group and relies on another store: another deployment with a target of the same name. The members of a group share
 * its partitions, so each deployment would see only some of the events.
 */
export class Strangers {
  readonly #seen = new Map<string, {at: string; moves: number}>();

  /** To be told at each look. Whether a partition of somebody else's moves on and on under another epoch than `epoch`. */
  note(
    epoch: string,
    committed: readonly Committed[],
    isOurs: (topic: string, partition: number) => boolean,
  ): boolean {
    let isStrange = false;
    for (const {topic, partition, offset, metadata} of committed) {
      const name = `${topic} ${partition}`;
      const other = epochOf(metadata);
      if (other === undefined || other === epoch || isOurs(topic, partition)) {
        this.#seen.delete(name);
        continue;
      }
      const at = `${offset} ${metadata}`;
      const seen = this.#seen.get(name) ?? {at, moves: 0};
      if (seen.at !== at) seen.moves += 1;
      this.#seen.set(name, {at, moves: seen.moves});
      isStrange ||= seen.moves >= enoughMoves;
    }
    return isStrange;
  }
}
