import {hostname} from 'node:os';
import {resolve} from 'node:path';
import {setTimeout as delay} from 'node:timers/promises';
import type {Cluster, Redis} from 'ioredis';
import type {Kafka} from 'kafkajs';
import type {Config} from '../../config/schema.ts';
import type {Log} from '../../log.ts';
import {createKafka} from '../../stages/source/client.ts';
import {createAudit, createHeads, type AuditStage} from '../../stages/audit/index.ts';
import {createAuditProducer} from './producer.ts';

export interface AuditSurroundings {
  /** As it is by then: keys are read again when their files change. */
  config: () => Config;
  redis: Redis | Cluster;
  /** As a service's client has it, unless given: a person waits for less. */
  retries?: number;
  /** Where the records go with neither file nor topic. */
  log: Log;
}

/** The audit as the config says; what it needs it opens at its first record. */
export function openAudit({config, redis, retries, log}: AuditSurroundings): AuditStage {
  const {file, topic, checkpoint, maxRecordBytes} = config().audit;
  const settings = (): Config['audit'] => config().audit;
  const client = retries === undefined ? {log} : {log: log.child({}, 'error'), retries};
  const kafka = (): Kafka => createKafka(() => config().kafka, client);
  if (file === undefined && topic === undefined) return createAudit({log, settings});
  return createAudit({
    settings,
    checkpoint,
    maxRecordBytes,
    heads: createHeads({redis, prefix: config().redis.prefix}),
    host: hostname(),
    ...(file === undefined ? {} : {file: resolve(file)}),
    ...(topic === undefined
      ? {}
      : {topic: {name: topic, producer: createAuditProducer(topic, kafka, () => config().registry)}}),
  });
}

const graceMs = 2000;

/** Ends the chain of a service that stops, within two seconds. Never rejects: what is missing the next chain shows. */
export async function closeAudit(audit: AuditStage, log: Log): Promise<void> {
  const closed = audit.close().then(
    () => true,
    () => false,
  );
  const isClosed = await Promise.race([closed, delay(graceMs, false, {ref: false})]);
  if (!isClosed) log.warn({}, 'the last record of the audit, which ends its chain, could not be written');
}
