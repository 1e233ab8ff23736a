/**
 * `avro-scim/connector`: what the author of a connector imports (docs/connectors.md). `z` is the zod by which the
 * program checks settings; `failureOfAnswer` is what it makes of a status by itself; `exchangeOf` is the request and its
 * answer as a dead letter keeps them, without the credential.
 */
export {z} from 'zod';
export {
  connectorApi,
  type Connector,
  type ConnectorContext,
  type HttpAnswer,
  type HttpRequest,
  type Logger,
  type Manifest,
  type SendRequest,
} from './core/connector.ts';
export {exchangeOf} from './core/exchange.ts';
export {failed, failureKinds, ok, type Failure, type FailureKind, type Result} from './core/failure.ts';
export type {
  CallOptions,
  CheckReport,
  CutOffMode,
  CutOffStep,
  GroupPort,
  LookUp,
  ResourcePort,
  TargetPort,
} from './core/port.ts';
export {CORE_GROUP, CORE_USER, ENTERPRISE, type Attributes, type Json, type Remote} from './core/resource.ts';
export {failureOfAnswer} from './http/failures.ts';
