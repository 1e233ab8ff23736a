import type {Config} from '../config/schema.ts';
import type {SourceOptions} from '../stages/source/types.ts';

export interface TopicSettings {
  kafka: Pick<Config['kafka'], 'topics'>;
  deadLetters: Pick<Config['deadLetters'], 'suffix'>;
  audit: Pick<Config['audit'], 'topic'>;
}

/** Which topics the targets read, as the source and `check` match them: the program's own are never read as sources. */
export function sourceTopics({
  kafka,
  deadLetters,
  audit,
}: TopicSettings): Pick<SourceOptions, 'topics' | 'ownTopics'> {
  return {
    topics: kafka.topics.map(patternOrName),
    ownTopics: (topic) => topic.endsWith(deadLetters.suffix) || topic === audit.topic,
  };
}

const patternOrName = (topic: string): string | RegExp =>
  topic.startsWith('/') && topic.endsWith('/') ? new RegExp(topic.slice(1, -1)) : topic;
