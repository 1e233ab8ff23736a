import type {Admin} from 'kafkajs';
import type {Assigned} from './assigned.ts';

/** What Kafka answers for a partition for which nothing is committed. */
const NOTHING = -1;

/**
 * Which of these partitions are not what they were: Kafka drops a group's committed offsets together with the topic, so
 * where ours is gone, another topic has taken the name, however many records it has.
 */
export async function findVanished(
  admin: Admin,
  groupId: string,
  list: readonly Assigned[],
): Promise<Assigned[]> {
  const committed = list.filter((assigned) => assigned.committed !== undefined);
  if (committed.length === 0) return [];
  const topics = [...new Set(committed.map(({topic}) => topic))];
  const answer = await admin.fetchOffsets({groupId, topics});
  const offsets = new Map(
    answer.flatMap(({topic, partitions}) =>
      partitions.map(({partition, offset}) => [`${topic} ${partition}`, Number(offset)] as const),
    ),
  );
  return committed.filter(
    ({alive, topic, partition}) => alive && offsets.get(`${topic} ${partition}`) === NOTHING,
  );
}
