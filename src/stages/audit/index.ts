import type {Audit, AuditAction} from '../../core/audit.ts';
import type {Logger} from '../../core/connector.ts';
import {createFileSink} from './file.ts';
import type {Heads} from './heads.ts';
import {createSigner, type Signer} from './signing.ts';
import {createTopicSink, type AuditProducer} from './topic.ts';
import {seal, type ValueSettings} from './values.ts';
import {ChainWriter} from './writer.ts';

export {createHeads, type Heads} from './heads.ts';
export {searchAudit, type AuditFilter, type Found, type FoundRecord, type SearchBounds} from './search.ts';
export {createSignatureCheck} from './signing.ts';
export {type AuditSource, type AuditTopic, type TopicMessage, type TopicRead} from './source.ts';
export {type AuditMessage, type AuditProducer} from './topic.ts';
export {verifyAudit} from './verify.ts';

/** An audit and what it holds open. */
export interface AuditStage extends Audit {
  /** Writes down what a person does, before it is done. A rejection means that it must not be. */
  act(actions: readonly AuditAction[]): Promise<void>;
  /** Ends its chain; rejects when that could not be written. */
  close(): Promise<void>;
}

/** A log, and how to have it with a level of its own. */
interface Leveled {
  child(fields: object, level: 'info'): Logger;
}

export interface AuditSettings extends ValueSettings {
  /** PEM of an Ed25519 private key. */
  signingKey?: string | undefined;
}

export interface ChainedAudit {
  /** Read at each use: a changed key counts from the next record on. */
  settings: () => AuditSettings;
  checkpoint: {records: number; seconds: number};
  /** Of one record. */
  maxRecordBytes: number;
  heads: Heads;
  host: string;
  file?: string | undefined;
  topic?: {name: string; producer: AuditProducer} | undefined;
}

/** Audit records in chains, in a file and a topic; or in the log, whatever its level, without. */
export function createAudit(to: ChainedAudit | {log: Leveled; settings: () => AuditSettings}): AuditStage {
  return 'log' in to ? toLog(to.log.child({}, 'info'), to.settings) : toChain(to);
}

function toLog(log: Logger, settings: () => AuditSettings): AuditStage {
  return {
    append(records) {
      for (const record of records) log.info({audit: seal(record, settings())}, 'Decided');
      return Promise.resolve();
    },
    act(actions) {
      for (const action of actions) log.info({audit: seal(action, settings())}, 'Done by a person');
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}

function toChain({settings, checkpoint, maxRecordBytes, heads, host, file, topic}: ChainedAudit): AuditStage {
  const writer = new ChainWriter({
    sinks: [
      ...(file === undefined ? [] : [createFileSink(file)]),
      ...(topic === undefined ? [] : [createTopicSink(topic.producer)]),
    ],
    heads,
    signer: signerOf(settings),
    where: {
      ...(file === undefined ? {} : {file: `${host}:${file}`}),
      ...(topic === undefined ? {} : {topic: topic.name}),
    },
    every: checkpoint.records,
    maxBytes: maxRecordBytes,
    checkpointMs: checkpoint.seconds * 1000,
    seal: (record) => seal(record, settings()),
    now: Date.now,
  });
  return {
    append: (records) => writer.append(records),
    act: (actions) => writer.append(actions),
    close: () => writer.close(),
  };
}

/** The key is parsed once, until it changes. */
function signerOf(settings: () => AuditSettings): () => Signer | undefined {
  let parsed: {pem: string; signer: Signer} | undefined;
  return () => {
    const {signingKey: pem} = settings();
    if (pem === undefined) return undefined;
    if (parsed?.pem !== pem) parsed = {pem, signer: createSigner(pem)};
    return parsed.signer;
  };
}
