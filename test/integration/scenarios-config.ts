import {connectors} from '../../connectors/index.ts';
import {loadConfig} from '../../src/config/load.ts';
import type {Config} from '../../src/config/schema.ts';
import type {TestRedis} from '../support/redis.ts';
import {services} from '../support/services.ts';

/** What a scene has beside the defaults. */
export interface SceneOptions {
  partitions?: number;
  /** Settings of the target, and of the whole file, over those of a scene. */
  settings?: object;
  file?: object;
  /** Texts of files beside the config, by name. */
  files?: Record<string, string>;
  redisUrl?: string;
  /** Opened by the test, in place of one at `redisUrl`. */
  redis?: TestRedis;
  registryUrl?: string;
}

/** The config of a scene: one target, `here`. */
export function configOf(topic: string, prefix: string, url: string, options: SceneOptions): Config {
  const {brokers, registryUrl, redisUrl} = services();
  const text = JSON.stringify({
    kafka: {brokers, groupPrefix: prefix, topics: [topic], sessionTimeoutMs: 6000},
    registry: {url: options.registryUrl ?? registryUrl, timeoutMs: 10_000},
    redis: {url: options.redisUrl ?? redisUrl, prefix, fsyncIntervalMs: 1},
    retry: {baseDelayMs: 50, maxDelayMs: 200},
    gate: {failures: 1000, probeBaseDelayMs: 100, probeMaxDelayMs: 200},
    targets: {
      here: {connector: 'scim', config: {baseUrl: url, auth: {bearer: 'of-a-test'}}, ...options.settings},
    },
    ...options.file,
  });
  const manifests = connectors.map(({manifest}) => manifest);
  const readFile = (path: string): string =>
    path === '/scene.yaml' ? text : (options.files?.[path.slice(1)] ?? '');
  const loaded = loadConfig({path: '/scene.yaml', env: {}, manifests, readFile});
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}
