import {kafkaAnswers} from './kafka.ts';
import {redisAnswers} from './redis.ts';
import {registryAnswers} from './registry.ts';
import type {Controls, KafkaControls, RedisControls, RegistryControls} from './types.ts';

/** The environment variables by which services that run already are given. */
export const givenBy = {
  kafka: 'AVRO_SCIM_TEST_KAFKA',
  registry: 'AVRO_SCIM_TEST_REGISTRY',
  redis: 'AVRO_SCIM_TEST_REDIS',
} as const;

function notOurs(name: string): Controls {
  const refuse = (): Promise<never> =>
    Promise.reject(new Error(`${name} was given by its address: it is not started or stopped here`));
  return {start: refuse, stop: refuse, restart: refuse};
}

async function require(
  answers: Promise<boolean>,
  variable: string,
  value: string,
  form: string,
): Promise<void> {
  if (await answers) return;
  throw new Error(`${variable}=${value}: nothing there answers; expected ${form}`);
}

const valueOf = (variable: string): string | undefined => process.env[variable] || undefined;

/** The broker of AVRO_SCIM_TEST_KAFKA (`host:port,host:port`), when that is set. */
export async function givenKafka(): Promise<KafkaControls | undefined> {
  const value = valueOf(givenBy.kafka);
  if (value === undefined) return undefined;
  const brokers = value.split(',');
  await require(kafkaAnswers(brokers), givenBy.kafka, value, 'host:port of a plain listener');
  return {brokers, listeners: {}, ...notOurs('kafka')};
}

/** The registry of AVRO_SCIM_TEST_REGISTRY (the address of its Confluent API), when that is set. */
export async function givenRegistry(): Promise<RegistryControls | undefined> {
  const url = valueOf(givenBy.registry);
  if (url === undefined) return undefined;
  await require(registryAnswers(
    url,
  ), givenBy.registry, url, 'the address of a Confluent schema registry API');
  return {url, ...notOurs('registry')};
}

/** The Redis of AVRO_SCIM_TEST_REDIS (`redis://host:port/db`), when that is set. */
export async function givenRedis(): Promise<RedisControls | undefined> {
  const url = valueOf(givenBy.redis);
  if (url === undefined) return undefined;
  const {hostname, port} = new URL(url);
  await require(redisAnswers(Number(port || 6379), hostname), givenBy.redis, url, 'redis://host:port/db');
  return {url, ...notOurs('redis')};
}
