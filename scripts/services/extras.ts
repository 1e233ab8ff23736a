import {randomBytes} from 'node:crypto';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {dropCharge, takeCharge, type Charge} from './charges.ts';
import {hasEngine, kafkaContainer, redisContainer, registryContainer} from './containers.ts';
import type {Daemon} from './daemon.ts';
import {kafkaProcess} from './kafka.ts';
import {redisProcess} from './redis.ts';
import {registryProcess, requireCompatibility} from './registry.ts';
import {run} from './tools.ts';
import type {
  Controls,
  Extra,
  KafkaControls,
  KafkaOptions,
  Prepared,
  RedisControls,
  RedisOptions,
  RegistryControls,
  StartOptions,
} from './types.ts';

/** The same with `restart`. */
export const withRestart = (daemon: Daemon): Controls => ({
  ...daemon,
  restart: async ({signal} = {}) => {
    await daemon.stop(signal);
    await daemon.start();
  },
});

function newFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'avro-scim-services-'));
  takeCharge({kind: 'folder', path});
  return path;
}

function removeFolder(path: string): void {
  rmSync(path, {recursive: true, force: true});
  dropCharge({kind: 'folder', path});
}

/** A name for a container or a compose project. */
export const newName = (): string => `avro-scim-${randomBytes(4).toString('hex')}`;

/** Runs the command that the guard was to run. */
export async function removeContainers(charge: Charge & {kind: 'command'}): Promise<void> {
  const [command = '', ...args] = charge.argv;
  await run(command, args);
  dropCharge(charge);
}

/** Starts what was prepared; ends it and its data when it does not start. SIGKILL: its data is thrown away with it. */
export async function begin<Service>(
  prepared: Prepared<Service>,
  clean: () => Promise<void> | void,
): Promise<Extra<Service & Controls>> {
  const remove = async (): Promise<void> => {
    try {
      await prepared.daemon.stop('SIGKILL');
    } finally {
      await clean();
    }
  };
  try {
    await prepared.daemon.start();
  } catch (error) {
    await remove();
    throw error;
  }
  return {...prepared.service, ...withRestart(prepared.daemon), remove};
}

type Prepare<Service> = {
  inProcess: (folder: string) => Promise<Prepared<Service>>;
  inContainer: (name: string, folder: string) => Promise<Prepared<Service>>;
};

async function startOne<Service>(prepare: Prepare<Service>): Promise<Extra<Service & Controls>> {
  const folder = newFolder();
  const charge = {kind: 'command', argv: ['docker', 'rm', '-fv', newName()]} as const;
  try {
    if (!hasEngine()) return await begin(await prepare.inProcess(folder), () => removeFolder(folder));
    takeCharge(charge);
    return await begin(await prepare.inContainer(charge.argv[3], folder), async () => {
      await removeContainers(charge);
      removeFolder(folder);
    });
  } catch (error) {
    removeFolder(folder);
    throw error;
  }
}

/** One more broker, for tests that restart it or need settings of their own; never the one given by environment. */
export function startKafka(options: KafkaOptions & StartOptions): Promise<Extra<KafkaControls>> {
  return startOne({
    inProcess: (folder) => kafkaProcess(folder, options, options.log),
    inContainer: (name, folder) => kafkaContainer(name, folder, options),
  });
}

/** One more Redis, for tests that restart it or need settings of their own; never the one given by environment. */
export function startRedis(options: RedisOptions & StartOptions): Promise<Extra<RedisControls>> {
  return startOne({
    inProcess: (folder) => redisProcess(folder, options, options.log),
    inContainer: (name) => redisContainer(name, options),
  });
}

/** One more registry; never the one given by environment. It keeps its schemas when it is restarted. */
export async function startRegistry(options: StartOptions): Promise<Extra<RegistryControls>> {
  const registry = await startOne({
    inProcess: (folder) => registryProcess(folder, options.log),
    inContainer: (name) => registryContainer(name),
  });
  await requireCompatibility(registry.url);
  return registry;
}
