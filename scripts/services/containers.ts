import {mkdirSync} from 'node:fs';
import {dirname} from 'node:path';
import {fileURLToPath} from 'node:url';
import {becomes, type Daemon} from './daemon.ts';
import {kafkaAnswers, writeBroker} from './kafka.ts';
import {freePort} from './ports.ts';
import {commonArguments, redisAnswers} from './redis.ts';
import {confluentApi, registryAnswers} from './registry.ts';
import {run, succeeds} from './tools.ts';
import type {KafkaOptions, KafkaService, Prepared, RedisOptions} from './types.ts';

export const images = {
  kafka: 'apache/kafka:4.3.1',
  registry: 'apicurio/apicurio-registry:3.0.9',
  redis: 'redis:7.4',
} as const;

export const composeFile = fileURLToPath(new URL('../../compose.yaml', import.meta.url));

const startDeadlineMs = 180_000;

/** Whether a Docker engine with compose runs on this machine. */
export function hasEngine(): boolean {
  engine ??= succeeds('docker', ['info']) && succeeds('docker', ['compose', 'version']);
  return engine;
}

let engine: boolean | undefined;

/** A `Daemon` that is a container: made by the docker command `create` at the first start, by name after that. */
export function container(name: string, create: readonly string[], ready: () => Promise<boolean>): Daemon {
  let made = false;
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<void> => {
    if (!made) return;
    await run('docker', signal === 'SIGKILL' ? ['kill', name] : ['stop', '--time', '20', name]);
  };
  const start = async (): Promise<void> => {
    await run('docker', made ? ['start', name] : create);
    made = true;
    if (await becomes(ready, startDeadlineMs, () => false)) return;
    const log = await run('sh', ['-c', `docker logs --tail 40 ${name} 2>&1`]);
    throw new Error(`${name} did not start; the end of its log:\n${log}`);
  };
  return {start, stop};
}

/** The three services of compose.yaml under one project name, each on a free port of loopback; not yet started. */
export async function composeServices(project: string) {
  const [kafka, registry, redis] = await Promise.all([freePort(), freePort(), freePort()]);
  const ports = {AVRO_SCIM_KAFKA_PORT: kafka, AVRO_SCIM_REGISTRY_PORT: registry, AVRO_SCIM_REDIS_PORT: redis};
  for (const [name, port] of Object.entries(ports)) process.env[name] = String(port);
  const compose = ['compose', '-p', project, '-f', composeFile];
  const service = (name: string, ready: () => Promise<boolean>): Daemon =>
    container(`${project}-${name}-1`, [...compose, 'up', '-d', '--no-deps', name], ready);
  const brokers = [`127.0.0.1:${kafka}`];
  const url = confluentApi(`http://127.0.0.1:${registry}`);
  return {
    remove: ['docker', ...compose, 'down', '-v', '--remove-orphans'],
    kafka: {service: {brokers, listeners: {}}, daemon: service('kafka', () => kafkaAnswers(brokers))},
    registry: {service: {url}, daemon: service('registry', () => registryAnswers(url))},
    redis: {
      service: {url: `redis://127.0.0.1:${redis}/0`},
      daemon: service('redis', () => redisAnswers(redis)),
    },
  };
}

const quoted = (words: readonly string[]): string => words.map((word) => `'${word}'`).join(' ');
const publish = (ports: readonly number[]): string[] =>
  ports.flatMap((port) => ['-p', `127.0.0.1:${port}:${port}`]);

/** A broker with settings of its own in a container; `folder` is there and here the same path. */
export async function kafkaContainer(
  name: string,
  folder: string,
  options: KafkaOptions,
): Promise<Prepared<KafkaService>> {
  mkdirSync(folder, {recursive: true});
  const {file, format, ports, service, ready} = await writeBroker(folder, options, '0.0.0.0');
  const named = Object.entries(options.properties ?? {}).filter(([key]) => key.endsWith('.location'));
  const folders = new Set(named.map(([, path]) => dirname(path)));
  const script =
    `/opt/kafka/bin/kafka-storage.sh ${quoted([...format, '--ignore-formatted'])} && ` +
    `exec /opt/kafka/bin/kafka-server-start.sh ${quoted([file])}`;
  const create = [
    ...['run', '-d', '--name', name, ...publish(ports), '-v', `${folder}:${folder}`],
    ...[...folders].flatMap((path) => ['-v', `${path}:${path}:ro`]),
    ...['--user', `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`],
    ...['-e', 'KAFKA_HEAP_OPTS=-Xmx512m', '-e', `LOG_DIR=${folder}/logs`],
    ...['--entrypoint', 'sh', images.kafka, '-c', script],
  ];
  return {service, daemon: container(name, create, ready)};
}

/** A Redis with settings of its own in a container. */
export async function redisContainer(name: string, options: RedisOptions): Promise<Prepared<{url: string}>> {
  const port = await freePort();
  const settings = ['--port', String(port), ...commonArguments, ...(options.args ?? [])];
  const create = ['run', '-d', '--name', name, ...publish([port]), images.redis, 'redis-server', ...settings];
  const daemon = container(name, create, () => redisAnswers(port));
  return {service: {url: `redis://127.0.0.1:${port}/0`}, daemon};
}

/** A registry of its own in a container, its schemas in a file there. */
export async function registryContainer(name: string): Promise<Prepared<{url: string}>> {
  const port = await freePort();
  const url = confluentApi(`http://127.0.0.1:${port}`);
  const settings = [`QUARKUS_HTTP_PORT=${port}`, 'APICURIO_DATASOURCE_URL=jdbc:h2:file:/tmp/schemas'];
  const create = [
    'run',
    '-d',
    '--name',
    name,
    ...publish([port]),
    ...settings.flatMap((pair) => ['-e', pair]),
  ];
  return {service: {url}, daemon: container(name, [...create, images.registry], () => registryAnswers(url))};
}
