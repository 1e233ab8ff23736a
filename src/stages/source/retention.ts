import kafkajs, {type Admin} from 'kafkajs';
import type {SourceRecord} from '../../core/change.ts';
import type {Logger} from '../../core/connector.ts';
import type {Progress} from '../../core/progress.ts';
import type {Assigned} from './assigned.ts';
import {reasonOf} from './troubles.ts';

const minuteMs = 60_000;
const mostSamples = 1024;

/**
 * When the records of a partition were written: one in a minute is remembered, and fewer when there are many, so that the
 * answer is early rather than late.
 */
export class Times {
  #samples: {offset: number; timestamp: number}[] = [];
  #everyMs = minuteMs;

  note({offset, timestamp}: Pick<SourceRecord, 'offset' | 'timestamp'>, progress: Progress): void {
    const last = this.#samples.at(-1);
    // What is read again, after reading has looked ahead, is known.
    if (last && (offset <= last.offset || timestamp - last.timestamp < this.#everyMs)) return;
    this.#forget(progress.watermark);
    this.#samples.push({offset, timestamp});
    if (this.#samples.length < mostSamples) return;
    this.#samples = this.#samples.filter((_, i) => i % 2 === 0);
    this.#everyMs *= 2;
  }

  /** About when the record at this offset, or the next that there is, was written, in ms since the epoch. */
  at(offset: number): number | undefined {
    this.#forget(offset);
    return this.#samples[0]?.timestamp;
  }

  /** All but the last sample that is not past `offset`, and what follows it. */
  #forget(offset: number): void {
    const next = this.#samples.findIndex((sample) => sample.offset > offset);
    this.#samples.splice(0, (next === -1 ? this.#samples.length : next) - 1);
  }
}

const lookEveryMs = 5 * minuteMs;

/** Asks Kafka now and then how long topics keep their records. It may not be allowed to: then nobody knows, and one line says so. */
export class Retention {
  readonly #admin: Pick<Admin, 'describeConfigs'>;
  readonly #log: Logger;
  readonly #known = new Map<string, {askedAt: number; retentionMs: number | undefined}>();
  #isRefused = false;

  constructor(admin: Pick<Admin, 'describeConfigs'>, log: Logger) {
    this.#admin = admin;
    this.#log = log;
  }

  /** Never rejects. */
  async look(list: readonly Assigned[]): Promise<void> {
    const now = performance.now();
    const stale = [...new Set(list.map(({topic}) => topic))].filter(
      (topic) => now - (this.#known.get(topic)?.askedAt ?? Number.NEGATIVE_INFINITY) >= lookEveryMs,
    );
    if (stale.length > 0) await this.#ask(stale, now);
    for (const assigned of list) assigned.retentionMs = this.#known.get(assigned.topic)?.retentionMs;
  }

  async #ask(topics: readonly string[], now: number): Promise<void> {
    for (const topic of topics) this.#known.set(topic, {askedAt: now, retentionMs: undefined});
    const resources = topics.map((name) => ({
      type: kafkajs.ConfigResourceTypes.TOPIC,
      name,
      configNames: ['retention.ms', 'cleanup.policy'],
    }));
    try {
      const described = await this.#admin.describeConfigs({resources, includeSynonyms: false});
      for (const {resourceName, configEntries} of described.resources) {
        const entry = (name: string) =>
          configEntries.find(({configName}) => configName === name)?.configValue;
        const retentionMs = Number(entry('retention.ms') ?? -1);
        const isKept = retentionMs < 0 || !(entry('cleanup.policy') ?? 'delete').includes('delete');
        this.#known.set(resourceName, {askedAt: now, retentionMs: isKept ? undefined : retentionMs});
      }
    } catch (error) {
      if (this.#isRefused) return;
      this.#isRefused = true;
      this.#log.info(
        {reason: reasonOf(error)},
        'Kafka does not tell how long topics keep their records: no alert can foresee their end',
      );
    }
  }
}
