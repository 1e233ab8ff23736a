import {reasonOf} from './troubles.ts';
import type {Bookkeeping, Trouble} from './types.ts';

class StoreAway extends Error {}

/** The bookkeeping, whose failures can be told from Kafka's. */
export function tellApart(store: Bookkeeping): Bookkeeping {
  return {
    intern: (...place) => ofStore(store.intern(...place)),
    load: (...place) => ofStore(store.load(...place)),
    nextIncarnation: (...place) => ofStore(store.nextIncarnation(...place)),
    saveWatermarks: (list) => ofStore(store.saveWatermarks(list)),
    epoch: () => ofStore(store.epoch()),
    runId: () => ofStore(store.runId()),
    get fsyncIntervalMs() {
      return store.fsyncIntervalMs;
    },
  };
}

/** Which service has to come back before what threw this can go on. */
export function waitsFor(error: unknown): Trouble['waitsFor'] {
  return error instanceof StoreAway ? 'redis' : 'kafka';
}

async function ofStore<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new StoreAway(reasonOf(error), {cause: error});
  }
}
