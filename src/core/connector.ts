import type {z} from 'zod';
import type {Failure, Result} from './failure.ts';
import type {TargetPort} from './port.ts';

/** Where a connector, a stage and the engine write: static message, fields beside it. pino's own loggers fit. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Absolute. Only hosts of the connector's own config are ever asked; a redirect is a failure. */
  url: URL;
  /** Low-cardinality name for metrics and logs: `create user`. */
  operation: string;
  headers?: Record<string, string>;
  body?: string;
  signal: AbortSignal;
  urgent?: boolean;
  /** Statuses that this caller reads as an answer although they are not 2xx: `[404, 409]`. */
  accept?: readonly number[];
}

export interface HttpAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Decoded text, bounded by the target's cap; empty when there was none. */
  text: string;
}

/** One request with one deadline. Anything but a 2xx or an accepted status is a failure value. */
export type SendRequest = (request: HttpRequest) => Promise<Result<HttpAnswer>>;

export interface ConnectorContext<Config> {
  /** The target's name in the config. */
  target: string;
  /** The target's config as it is now: read it at each use, so that a changed secret file counts at once. */
  config: () => Config;
  send: SendRequest;
  log: Logger;
  now: () => number;
}

/** The version of what a connector is: of this file, `port.ts`, `failure.ts` and `resource.ts`. */
export const connectorApi = 1;

/** What a connector is, without I/O: read by `check`, the docs and the config schema. */
export interface Manifest<Schema extends z.ZodType = z.ZodType> {
  id: string;
  /** The `connectorApi` that it was written for; the connectors that come with the program leave it out. */
  apiVersion?: typeof connectorApi;
  summary: string;
  configSchema: Schema;
  capabilities: {users: boolean; groups: boolean; deactivate: boolean; delete: boolean};
  links: readonly string[];
  /** How the paths begin that this service has beside SCIM's: `profile.`. A mapping may write those too. */
  ownPaths?: string;
  /** For people who choose: what its cut-off ends, and what access no call can end. */
  cutOff?: {ends: readonly string[]; leaves: readonly string[]};
  /** The rate budget that is right for this service where the target's config sets none. */
  defaultRate?(config: z.output<Schema>): {requests: number; perSeconds: number} | undefined;
  /**
   * Whose accounts it is about, as configured: the same text for the same tenant, without a secret. Absent, or nothing: a target that is
   * pointed at another tenant is not noticed.
   */
  tenantOf?(config: z.output<Schema>): string | undefined;
  /** Whether the service, as configured, has groups at all; absent: as `capabilities` says. */
  hasGroups?(config: z.output<Schema>): boolean;
  /** Whether the service, as configured, keeps an externalId that an account is found by; absent: it does. */
  keepsExternalId?(config: z.output<Schema>): boolean;
  /** Whether the service, as configured, deletes no user: who is to be deleted is deactivated; absent: as `capabilities` says. */
  keepsUsers?(config: z.output<Schema>): boolean;
  /** Whether what deactivates an account there ends it, so that who comes back gets a new one; absent: it does not. */
  endsAccounts?(config: z.output<Schema>): boolean;
}

export interface Connector<Schema extends z.ZodType = z.ZodType> {
  manifest: Manifest<Schema>;
  create(context: ConnectorContext<z.output<Schema>>): TargetPort;
}

/** A refusal in the vendor's own words may carry a credential or a person; causes and messages never do. */
export type ReadError = (answer: HttpAnswer) => Pick<Failure, 'message' | 'cause'>;
