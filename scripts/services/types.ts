import type {Daemon} from './daemon.ts';

export interface KafkaOptions {
  /** Broker settings over the usual ones. */
  properties?: Readonly<Record<string, string>>;
  /** Further listeners: name (letters) to security protocol (`SSL`, `SASL_PLAINTEXT`, `SASL_SSL`). */
  listeners?: Readonly<Record<string, string>>;
  /** SCRAM users that exist from the start: name to password, for both mechanisms. */
  scramUsers?: Readonly<Record<string, string>>;
}

export interface KafkaService {
  /** The plain listener. */
  brokers: string[];
  /** `host:port` of each further listener, by its name. */
  listeners: Record<string, string>;
}

export interface RedisOptions {
  /** Settings over the usual ones, as on the command line: `['--maxmemory', '10mb']`. */
  args?: readonly string[];
}

/** A service that can be started: where it will answer, and the process or container that it is. */
export interface Prepared<Service> {
  service: Service;
  daemon: Daemon;
}

/** `stop`, `start` and `restart` keep address and data. On a service that was given by address they reject. */
export interface Controls extends Daemon {
  /** SIGTERM unless told; resolves when it answers again. */
  restart(options?: {signal?: NodeJS.Signals}): Promise<void>;
}

export type KafkaControls = KafkaService & Controls;
export type RedisControls = {url: string} & Controls;
/** `url` is that of the Confluent API. */
export type RegistryControls = {url: string} & Controls;

export interface Services {
  kafka: KafkaControls;
  registry: RegistryControls;
  redis: RedisControls;
  /** Stops what was started here and removes its data. All steps run even when one fails. */
  stop(): Promise<void>;
  /** Lets what was started here outlive this process; resolves to the shell command that ends it. */
  keep(): Promise<string>;
}

export interface StartOptions {
  /** Where a line of progress goes. */
  log: (line: string) => void;
}

/** One further service, with settings of its own, that `remove` ends together with its data. */
export type Extra<Service> = Service & {remove(): Promise<void>};
