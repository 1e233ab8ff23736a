import {releaseAll, takeCharge} from './charges.ts';
import {composeServices, hasEngine} from './containers.ts';
import {begin, newName, removeContainers, startKafka, startRedis, startRegistry} from './extras.ts';
import {givenKafka, givenRedis, givenRegistry} from './given.ts';
import {requireCompatibility} from './registry.ts';
import type {KafkaControls, RedisControls, RegistryControls, Services, StartOptions} from './types.ts';

export {startKafka, startRedis, startRegistry} from './extras.ts';
export type {Extra, KafkaControls, RedisControls, RegistryControls, Services, StartOptions} from './types.ts';

type Removal = () => Promise<void>;

interface Starters {
  kafka: () => Promise<KafkaControls & {remove?: Removal}>;
  registry: () => Promise<RegistryControls & {remove?: Removal}>;
  redis: () => Promise<RedisControls & {remove?: Removal}>;
  /** After each one's own removal. */
  finish: Removal;
}

const processes = (options: StartOptions): Starters => ({
  kafka: () => startKafka(options),
  registry: () => startRegistry(options),
  redis: () => startRedis(options),
  finish: async () => {},
});

async function compose(): Promise<Starters> {
  const {kafka, registry, redis, remove} = await composeServices(newName());
  const charge = {kind: 'command', argv: remove} as const;
  takeCharge(charge);
  const nothing = (): void => {};
  return {
    kafka: () => begin(kafka, nothing),
    registry: async () => {
      const started = await begin(registry, nothing);
      await requireCompatibility(started.url);
      return started;
    },
    redis: () => begin(redis, nothing),
    finish: () => removeContainers(charge),
  };
}

/** All of them, although some fail; rejects with what failed. */
async function runAll(steps: readonly Removal[]): Promise<void> {
  const results = await Promise.allSettled(steps.map((step) => step()));
  const errors = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  );
  if (errors.length > 0) throw new AggregateError(errors, errors.map(String).join('\n'));
}

/**
 * A broker, a registry and a Redis: those given by environment as they are (`given.ts`), the others by compose.yaml where
 * a Docker engine runs, and as processes of this machine where none does. Rejects, with nothing left running, when one
 * does not start. What was started ends with this process, however that ends, unless `keep` was called.
 */
export async function startServices(options: StartOptions): Promise<Services> {
  const begun = performance.now();
  const given = await Promise.all([givenKafka(), givenRegistry(), givenRedis()]);
  const starters = hasEngine() ? await compose() : processes(options);
  const removals: Removal[] = [];
  const start = async <Service>(
    present: Service | undefined,
    starter: () => Promise<Service & {remove?: Removal}>,
  ): Promise<Service> => {
    if (present !== undefined) return present;
    const started = await starter();
    if (started.remove !== undefined) removals.push(started.remove);
    return started;
  };
  const stop = async (): Promise<void> => {
    try {
      await runAll(removals.splice(0));
    } finally {
      await starters.finish();
    }
  };
  if (given.includes(undefined)) options.log('starting Kafka, a schema registry and Redis');
  const starting = [
    start(given[0], starters.kafka),
    start(given[1], starters.registry),
    start(given[2], starters.redis),
  ] as const;
  await Promise.allSettled(starting);
  try {
    const [kafka, registry, redis] = await Promise.all(starting);
    options.log(`services are up after ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    return {kafka, registry, redis, stop, keep: releaseAll};
  } catch (error) {
    await stop();
    throw error;
  }
}
