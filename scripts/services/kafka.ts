import {randomBytes} from 'node:crypto';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {Kafka, logLevel} from 'kafkajs';
import {daemon} from './daemon.ts';
import {kafkaJars} from './downloads.ts';
import {freePort} from './ports.ts';
import {requireJava, run} from './tools.ts';
import type {KafkaOptions, KafkaService, Prepared} from './types.ts';

/** What every broker here is told, whoever runs it. */
export const commonProperties: Readonly<Record<string, string>> = {
  'node.id': '1',
  'process.roles': 'broker,controller',
  'controller.listener.names': 'CONTROLLER',
  'inter.broker.listener.name': 'PLAINTEXT',
  'auto.create.topics.enable': 'false',
  'group.initial.rebalance.delay.ms': '0',
  'offsets.topic.num.partitions': '4',
  'offsets.topic.replication.factor': '1',
  'transaction.state.log.num.partitions': '4',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'share.coordinator.state.topic.replication.factor': '1',
  'share.coordinator.state.topic.min.isr': '1',
};

/** Whether the brokers answer and know their controller. */
export async function kafkaAnswers(brokers: string[]): Promise<boolean> {
  const client = new Kafka({
    brokers,
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1000,
    requestTimeout: 2000,
    retry: {retries: 0},
  });
  const admin = client.admin();
  try {
    await admin.connect();
    const {brokers, controller} = await admin.describeCluster();
    return brokers.length > 0 && controller !== null;
  } catch {
    return false;
  } finally {
    await admin.disconnect();
  }
}

const asFile = (properties: Readonly<Record<string, string>>): string =>
  Object.entries(properties)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');

/** The broker's ports, one a listener, and what it must be told of them; `bind` is where it listens, `0.0.0.0` in a container. */
async function allotListeners(extra: Readonly<Record<string, string>>, bind: string) {
  const names = ['PLAINTEXT', ...Object.keys(extra)];
  const ports = new Map(await Promise.all(names.map(async (name) => [name, await freePort()] as const)));
  const list = (host: string): string =>
    [...ports].map(([name, port]) => `${name}://${host}:${port}`).join(',');
  const controller = `127.0.0.1:${await freePort()}`;
  const protocols = {PLAINTEXT: 'PLAINTEXT', CONTROLLER: 'PLAINTEXT', ...extra};
  const properties = {
    listeners: `${list(bind)},CONTROLLER://${controller}`,
    'advertised.listeners': list('127.0.0.1'),
    'listener.security.protocol.map': Object.entries(protocols)
      .map(([name, protocol]) => `${name}:${protocol}`)
      .join(','),
    'controller.quorum.bootstrap.servers': controller,
  };
  return {ports, properties};
}

const scramArguments = (users: Readonly<Record<string, string>>): string[] =>
  Object.entries(users).flatMap(([name, password]) =>
    ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
      '--add-scram',
      `${mechanism}=[name=${name},password=${password}]`,
    ]),
  );

/** A first bit of 0 keeps `-` from its front, which would make an option of it on the command line. */
function newClusterId(): string {
  const bytes = randomBytes(16);
  bytes.writeUInt8(bytes.readUInt8(0) & 0x7f, 0);
  return bytes.toString('base64url');
}

/** Writes a broker's `server.properties` into `folder`; with it, how to format its storage and where it will listen. */
export async function writeBroker(folder: string, options: KafkaOptions, bind: string) {
  mkdirSync(folder, {recursive: true});
  const file = join(folder, 'server.properties');
  const {ports, properties} = await allotListeners(options.listeners ?? {}, bind);
  const data = {'log.dirs': join(folder, 'data')};
  writeFileSync(file, asFile({...commonProperties, ...properties, ...data, ...options.properties}));
  const addresses = [...ports].map(([name, port]) => [name, `127.0.0.1:${port}`] as const);
  const brokers = addresses.slice(0, 1).map(([, address]) => address);
  const format = ['format', '--standalone', '-t', newClusterId(), '-c', file];
  return {
    file,
    format: [...format, ...scramArguments(options.scramUsers ?? {})],
    ports: [...ports.values()],
    service: {brokers, listeners: Object.fromEntries(addresses.slice(1))} satisfies KafkaService,
    ready: () => kafkaAnswers(brokers),
  };
}

const logWarnings = '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn';

/** A broker and controller in one process of this machine, formatted and not yet started; its files are in `folder`. */
export async function kafkaProcess(
  folder: string,
  options: KafkaOptions,
  log: (line: string) => void,
): Promise<Prepared<KafkaService>> {
  requireJava({maven: false});
  const jars = await kafkaJars(log);
  const {file, format, service, ready} = await writeBroker(folder, options, '127.0.0.1');
  const classPath = [logWarnings, '-cp', join(jars, '*')];
  await run('java', ['-XX:TieredStopAtLevel=1', ...classPath, 'kafka.tools.StorageTool', ...format]);
  const args = ['-Xmx512m', '-XX:+UseSerialGC', ...classPath, 'kafka.Kafka', file];
  return {
    service,
    daemon: daemon({name: 'kafka', command: 'java', args, logFile: join(folder, 'kafka.log'), ready}),
  };
}
