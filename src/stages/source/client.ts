import {Kafka, logLevel, type KafkaConfig, type LogEntry, type logCreator} from 'kafkajs';
import type {Logger} from '../../core/connector.ts';
import {registerCodecs} from './codecs.ts';
import {createSasl, type SaslConfig} from './sasl.ts';

export interface ClientConfig {
  brokers: readonly string[];
  clientId: string;
  /** PEM texts. */
  tls?: boolean | Tls | undefined;
  sasl?: SaslConfig | undefined;
}

interface Tls {
  ca?: string | undefined;
  cert?: string | undefined;
  key?: string | undefined;
  passphrase?: string | undefined;
  serverName?: string | undefined;
}

/**
 * A Kafka client; it connects when it is used. Given a function, it reads the credentials at each connection, so that a
 * changed secret counts without a restart. The usual `retries` cover a broker's restart; what takes longer, its caller
 * sees. A command that a person waits for takes fewer.
 */
export function createKafka(
  config: ClientConfig | (() => ClientConfig),
  {log, retries = 8}: {log: Logger; retries?: number},
): Kafka {
  registerCodecs();
  const read = typeof config === 'function' ? config : () => config;
  const {brokers, clientId, tls, sasl} = read();
  const options: KafkaConfig = {
    brokers: [...brokers],
    clientId,
    connectionTimeout: 5_000,
    authenticationTimeout: 10_000,
    requestTimeout: 30_000,
    retry: {initialRetryTime: 200, maxRetryTime: 5_000, retries},
    logLevel: logLevel.INFO,
    logCreator: createLogCreator(log),
  };
  if (tls !== undefined && tls !== false) options.ssl = tls === true ? true : tlsOptions(() => read().tls);
  if (sasl !== undefined) options.sasl = createSasl(() => read().sasl ?? sasl);
  return new Kafka(options);
}

/** KafkaJS copies the properties at each connection: getters give it what they are by then. */
function tlsOptions(read: () => ClientConfig['tls']): Exclude<KafkaConfig['ssl'], undefined> {
  const part = <K extends keyof Tls>(name: K): Tls[K] => {
    const tls = read();
    return typeof tls === 'object' ? tls[name] : undefined;
  };
  const fixed = part('serverName');
  return {
    ...(fixed !== undefined && {servername: fixed}),
    get ca() {
      return part('ca');
    },
    get cert() {
      return part('cert');
    },
    get key() {
      return part('key');
    },
    get passphrase() {
      return part('passphrase');
    },
  };
}

const repeatMs = 60_000;

/**
 * KafkaJS's lines through our log. It reports each of its own retries as an error: ours is a warning, and the same one
 * again within a minute is for debugging. What an operator has to know, the source says itself.
 */
export function createLogCreator(log: Logger): logCreator {
  const warnedAt = new Map<string, number>();
  const isRepeated = ({namespace, log: {message}}: LogEntry): boolean => {
    const now = Date.now();
    const text = `${namespace} ${message}`;
    const repeated = now - (warnedAt.get(text) ?? Number.NEGATIVE_INFINITY) < repeatMs;
    if (repeated) return true;
    if (warnedAt.size > 1_000) warnedAt.clear();
    warnedAt.set(text, now);
    return false;
  };
  return () => (entry) => {
    // `undefined` leaves a field out: the log has a time of its own, and a stack of the library's says nothing.
    const fields = {
      ...entry.log,
      namespace: entry.namespace,
      detail: entry.log.message,
      message: undefined,
      timestamp: undefined,
      stack: undefined,
    };
    const isTrouble = entry.level === logLevel.ERROR || entry.level === logLevel.WARN;
    if (isTrouble && !isRepeated(entry)) log.warn(fields, 'trouble in the Kafka client');
    else log.debug(fields, 'the Kafka client says');
  };
}
