import {randomUUID} from 'node:crypto';
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {Redis} from 'ioredis';
import {startScimServer, startVendor, type ScimServer, type VendorServer} from '../../test/doubles/start.ts';
import type {VendorKind} from '../../test/doubles/vendors/vendor.ts';
import {dropCharge, takeCharge} from '../services/charges.ts';
import {givenBy} from '../services/given.ts';
import {freePort} from '../services/ports.ts';
import {openFolder, type Closing} from '../services/folder.ts';
import {startServices, type Services} from '../services/index.ts';
import {createTopic, type Topic} from '../services/topic.ts';
import {targetNames, type TargetName} from './calendar.ts';
import {startProgram, type Program} from './program.ts';
import {samplesOf} from './report.ts';
import {configText} from './settings.ts';

/** Everything that the demo runs on. */
export interface Demo {
  services: Services;
  targets: Record<TargetName, ScimServer>;
  /** With `--all-targets`. */
  vendors: VendorServer[];
  /** Every target's name. */
  names: string[];
  topic: Topic;
  topicName: string;
  program: Program;
  /** The events of each day, the config, the log and the audit records are here. */
  folder: string;
  configFile: string;
  adminUrl: string;
  /** Lets everything outlive this process; resolves to the shell command that ends it. */
  keep(): Promise<string>;
}

/** What wiki and helpdesk are like: test/doubles/scim-server.ts. */
const tempers = {wiki: 'strict', helpdesk: 'sloppy'} as const;

const readDeadlineMs = 60_000;
const partitions = 3;

/**
 * Starts services, targets, topic and program. Each thing that was started hands `closing` the step that ends it, also when
 * a later one does not start; the steps are to be run last first.
 */
export async function openDemo(
  log: (line: string) => void,
  closing: Closing,
  kinds: readonly VendorKind[] = [],
): Promise<Demo> {
  const services = await startServices({log});
  closing(() => services.stop());
  const run = `demo-${randomUUID().slice(0, 8)}`;
  const topicName = `${run}.identity.events`;
  closing(() => removeTraces(services, run, topicName));
  const folder = await openFolder('avro-scim-demo-', closing);
  const targets = {
    wiki: await openTarget('wiki', folder, closing),
    helpdesk: await openTarget('helpdesk', folder, closing),
  };
  const vendors: VendorServer[] = [];
  for (const kind of kinds) vendors.push(await openVendor(kind, folder, closing));
  const names = [...targetNames, ...kinds];
  const topic = await createTopic(services, topicName, partitions);
  const groups = names.map((name) => `${run}.${name}`);
  if (isGiven('kafka')) closing(() => topic.remove(groups));
  closing(() => topic.close());
  log(`two SCIM services are up: wiki keeps the RFCs, helpdesk does not`);
  if (kinds.length > 0) log(`and a double of each vendor: ${kinds.join(', ')}`);

  const adminPort = await freePort();
  const files = {
    config: join(folder, 'avro-scim.yaml'),
    audit: join(folder, 'audit.jsonl'),
    log: join(folder, 'avro-scim.log'),
  };
  const settings = {
    brokers: services.kafka.brokers,
    registryUrl: services.registry.url,
    redisUrl: services.redis.url,
    run,
    topic: topicName,
    adminPort,
    auditFile: files.audit,
    targets: {
      wiki: {url: targets.wiki.url, tokenFile: tokenFile('wiki')},
      helpdesk: {url: targets.helpdesk.url, tokenFile: tokenFile('helpdesk')},
    },
    vendors: Object.fromEntries(
      vendors.map((vendor) => [vendor.kind, vendor.settings(`\${file:${tokenFile(vendor.kind)}}`)]),
    ),
  };
  await writeFile(files.config, configText(settings));
  const adminUrl = `http://127.0.0.1:${adminPort}`;
  const program = await startProgram(files, adminUrl);
  closing(async () => {
    const code = await program.stop();
    if (code !== 0) throw new Error(`avro-scim ended with ${code ?? 'a signal'} where 0 was expected`);
  });
  await program.until(
    'waiting for avro-scim to read the topic',
    () => isReading(program, names),
    readDeadlineMs,
  );
  const keep = async (): Promise<string> => {
    await topic.close();
    return services.keep();
  };
  return {
    services,
    targets,
    vendors,
    names,
    topic,
    topicName,
    program,
    folder,
    configFile: files.config,
    adminUrl,
    keep,
  };
}

/** Whether each target has all partitions: latencies are to be those of a service that runs. */
async function isReading(program: Program, names: readonly string[]): Promise<boolean> {
  const lags = samplesOf(await program.metrics(), 'avroscim_lag_records', {});
  return lags.length === partitions * names.length;
}

const isGiven = (service: keyof typeof givenBy): boolean => Boolean(process.env[givenBy[service]]);

const tokenFile = (name: string): string => `${name}.token`;

/** A SCIM server and the file with the token that it asks for. */
async function openTarget(name: TargetName, folder: string, closing: Closing): Promise<ScimServer> {
  const token = randomUUID();
  await writeFile(join(folder, tokenFile(name)), `${token}\n`, {mode: 0o600});
  const server = await startScimServer(tempers[name], token, join(folder, `${name}.log`));
  keepCharge(server, closing);
  return server;
}

/** A vendor's double and the file with its credential; AWS's SDK finds its own in the environment. */
async function openVendor(kind: VendorKind, folder: string, closing: Closing): Promise<VendorServer> {
  const credential = randomUUID().replaceAll('-', '');
  await writeFile(join(folder, tokenFile(kind)), `${credential}\n`, {mode: 0o600});
  if (kind === 'aws-iam') {
    process.env['AWS_ACCESS_KEY_ID'] = credential;
    process.env['AWS_SECRET_ACCESS_KEY'] = credential;
  }
  const server = await startVendor(kind, credential, join(folder, `${kind}.log`));
  keepCharge(server, closing);
  return server;
}

/** It is stopped at the end, and also when this process is killed. */
function keepCharge({pid, stop}: {pid: number; stop: () => Promise<void>}, closing: Closing): void {
  const charge = {kind: 'process', pid} as const;
  takeCharge(charge);
  closing(async () => {
    await stop();
    dropCharge(charge);
  });
}

/** Services that were given by their address outlive the demo: nothing of it stays in them. */
async function removeTraces(services: Services, run: string, topic: string): Promise<void> {
  if (isGiven('registry')) {
    const subject = encodeURIComponent(`${topic}-value`);
    for (const query of ['', '?permanent=true'])
      await fetch(`${services.registry.url}/subjects/${subject}${query}`, {method: 'DELETE'});
  }
  if (!isGiven('redis')) return;
  const redis = new Redis(services.redis.url);
  try {
    const scan = redis.scanStream({match: `*${run}*`, count: 1000});
    for await (const keys of scan as AsyncIterable<string[]>)
      if (keys.length > 0) await redis.unlink(...keys);
  } finally {
    await redis.quit();
  }
}
