import {Queue, Worker} from 'bullmq';
import {Redis, type Cluster} from 'ioredis';
import type {Logger} from '../../core/connector.ts';
import {tickOf} from './ticks.ts';

/** A timer that survives this process: one job a tick, whatever is due in it. */
export interface Timer {
  /** `ring` is called once so many ms are over, within a tick. */
  set(delayMs: number): Promise<void>;
  start(ring: () => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

interface TimerOptions {
  redis: Redis | Cluster;
  prefix: string;
  target: string;
  log: Logger;
  now: () => number;
}

/** BullMQ behind the lanes. Its keys share the target's hash tag: `{<prefix>:<target>}:lanes:…`. */
export function createTimer(options: TimerOptions): Timer {
  const {redis, target, log, now} = options;
  const prefix = `{${options.prefix}:${target}}`;
  const trouble = createTrouble(options);
  const queue = new Queue('lanes', {connection: redis, prefix});
  queue.on('error', trouble.raise);
  const closes: (() => Promise<unknown>)[] = [() => queue.close()];
  const add = onceEach(now, async (at) => {
    const job = {jobId: `tick-${at}`, delay: at - now(), removeOnComplete: true, removeOnFail: true};
    await queue.add('tick', {}, job);
  });
  return {
    set: (delayMs) => add(tickOf(now(), delayMs)),
    async start(ring) {
      const connection = ownConnection(redis);
      connection.on('error', trouble.raise);
      connection.on('ready', trouble.clear);
      const worker = new Worker('lanes', ring, {connection, prefix});
      worker.on('error', trouble.raise);
      worker.on('failed', (_job, error) =>
        log.error({target, error}, 'Waking the lanes ended with an exception'),
      );
      closes.unshift(
        () => worker.close(),
        () => connection.quit(),
      );
      await worker.waitUntilReady();
    },
    stop: () => closeAll(closes.splice(0)),
  };
}

/**
 * Ticks that are to come are added by this process once. Another may have added one too: BullMQ keeps the first of a name,
 * and a tick is later than now, so that what its job finds holds what was written before.
 */
function onceEach(now: () => number, add: (at: number) => Promise<void>): (at: number) => Promise<void> {
  const added = new Map<number, Promise<void>>();
  return (at) => {
    const before = added.get(at);
    if (before) return before;
    for (const past of added.keys()) if (past <= now()) added.delete(past);
    const adding = add(at).catch((error: unknown) => {
      added.delete(at);
      throw error;
    });
    added.set(at, adding);
    return adding;
  };
}

/** Said once: each attempt to connect again is an error too, here and at the worker. */
function createTrouble({target, log}: TimerOptions) {
  let isRaised = false;
  return {
    raise: (error: Error): void => {
      if (!isRaised)
        log.warn({target, error: error.message}, 'The timer of the lanes has trouble with Redis');
      isRaised = true;
    },
    clear: (): void => {
      isRaised = false;
    },
  };
}

/**
 * A worker waits on its connection for as long as Redis does not answer (BullMQ's "maxRetriesPerRequest"). It is opened at
 * once: one that BullMQ opens itself fails for good when Redis is away just then.
 */
const ownConnection = (redis: Redis | Cluster): Redis | Cluster =>
  redis instanceof Redis
    ? redis.duplicate({lazyConnect: false, maxRetriesPerRequest: null})
    : redis.duplicate([], {lazyConnect: false, redisOptions: {maxRetriesPerRequest: null}});

async function closeAll(closes: readonly (() => Promise<unknown>)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const close of closes) await close().catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw new AggregateError(errors, 'The timer of the lanes did not close in order');
}
