import {Queue, Worker} from 'bullmq';
import {Redis, type Cluster} from 'ioredis';
import type {Logger} from '../../core/connector.ts';

/** Lanes tried at the same time by one process, at most. */
const concurrency = 32;

interface Wake {
  subject: string;
}

/** A timer that survives this process: one job a wake. */
export interface Timer {
  set(subject: string, delayMs: number): Promise<void>;
  start(work: (subject: string) => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

interface TimerOptions {
  redis: Redis | Cluster;
  prefix: string;
  target: string;
  log: Logger;
}

/** BullMQ behind the lanes. Its keys share the target's hash tag: `{<prefix>:<target>}:lanes:…`. */
export function createTimer(options: TimerOptions): Timer {
  const {redis, target, log} = options;
  const prefix = `{${options.prefix}:${target}}`;
  const trouble = createTrouble(options);
  const queue = new Queue<Wake>('lanes', {connection: redis, prefix});
  queue.on('error', trouble.raise);
  const closes: (() => Promise<unknown>)[] = [() => queue.close()];
  return {
    async set(subject, delayMs) {
      await queue.add(
        'wake',
        {subject},
        {delay: Math.ceil(delayMs), removeOnComplete: true, removeOnFail: true},
      );
    },
    async start(work) {
      const connection = ownConnection(redis);
      connection.on('error', trouble.raise);
      connection.on('ready', trouble.clear);
      const worker = new Worker<Wake>('lanes', (job) => work(job.data.subject), {
        connection,
        prefix,
        concurrency,
      });
      worker.on('error', trouble.raise);
      worker.on('failed', (job, error) =>
        log.error({target, subject: job?.data.subject, error}, 'Trying a lane ended with an exception'),
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
