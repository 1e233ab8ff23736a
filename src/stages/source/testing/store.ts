import type {Bookkeeping} from '../types.ts';

export interface MemoryStore extends Bookkeeping {
  /** All is forgotten, as after a FLUSHALL. */
  wipe(): void;
  /** Started anew from what it had saved when `backup` was taken. */
  restore(backup: Map<string, number>): void;
  backup(): Map<string, number>;
  /** While true every call rejects. */
  down: boolean;
  incarnations: Map<string, number>;
}

/** The source's bookkeeping in memory: what the state stage keeps in Redis. Durable after 20 ms. */
export function memoryStore(): MemoryStore {
  let watermarks = new Map<string, number>();
  let generation = 1;
  let run = 1;
  const sources: string[] = [];
  const incarnations = new Map<string, number>();
  const answer = <T>(give: () => T): Promise<T> =>
    store.down ? Promise.reject(new Error('store is down')) : Promise.resolve(give());
  const store: MemoryStore = {
    down: false,
    incarnations,
    fsyncIntervalMs: 20,
    wipe: () => {
      watermarks = new Map();
      generation += 1;
    },
    backup: () => new Map(watermarks),
    restore: (backup) => {
      watermarks = new Map(backup);
      run += 1;
    },
    intern: (topic, partition, incarnation) =>
      answer(() => {
        const name = `${topic} ${partition} ${incarnation}`;
        if (!sources.includes(name)) sources.push(name);
        return sources.indexOf(name);
      }),
    load: (topic, partition) =>
      answer(() => {
        const name = `${topic} ${partition}`;
        return {incarnation: incarnations.get(name) ?? 0, watermark: watermarks.get(name)};
      }),
    nextIncarnation: (topic, partition) =>
      answer(() => {
        const name = `${topic} ${partition}`;
        const next = (incarnations.get(name) ?? 0) + 1;
        incarnations.set(name, next);
        watermarks.delete(name);
        return next;
      }),
    saveWatermarks: (list) =>
      answer(() => {
        for (const {topic, partition, watermark} of list) watermarks.set(`${topic} ${partition}`, watermark);
      }),
    epoch: () => answer(() => `epoch-${generation}`),
    runId: () => answer(() => `run-${run}`),
  };
  return store;
}
