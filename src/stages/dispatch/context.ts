import type {Audit} from '../../core/audit.ts';
import type {Outcome, SourceRecord} from '../../core/change.ts';
import type {Logger} from '../../core/connector.ts';
import type {Result} from '../../core/failure.ts';
import type {Gate} from '../../core/gate.ts';
import type {Hands} from '../../core/hand.ts';
import type {RetryPolicy} from '../../core/judge.ts';
import type {LeaseWatch} from '../../core/lease-watch.ts';
import type {DeadLetters, Holds, Lanes, Leftovers} from '../../core/parked.ts';
import type {Policy} from '../../core/plan.ts';
import type {Protection} from '../../core/protection.ts';
import type {CutOffMode, TargetPort} from '../../core/port.ts';
import type {State} from '../../core/state.ts';
import type {Statement} from '../../core/statement.ts';
import type {Tracer} from '../../core/trace.ts';
import type {Entry, Window} from '../../core/window.ts';

/** Everything that dispatching for one target needs, as ports. */
export interface DispatchContext {
  target: string;
  port: TargetPort;
  policy: Policy;
  protection: Protection;
  cutOffMode: CutOffMode;
  /** How long a deactivated leaver's account is kept; absent: for good. */
  deleteAfterMs?: number;
  adopt: 'externalId' | 'userName' | 'never';
  concurrency: number;
  retry: RetryPolicy;
  maxParked: number;
  /** So many records in a row that can not be decoded shut the gate. */
  maxUndecodable: number;
  state: State;
  window: Window;
  gate: Gate;
  lanes: Lanes;
  letters: DeadLetters;
  holds: Holds;
  hands: Hands;
  leftovers: Leftovers;
  audit: Audit;
  decode: (record: SourceRecord) => Result<Statement> | Promise<Result<Statement>>;
  /** The outcomes of these entries are durable. */
  settled: (entries: readonly Entry[]) => void;
  /** This record was settled before and is read again: what is decided alike needs no second audit record. */
  wasSettled: (record: SourceRecord) => boolean;
  count: (outcome: Outcome, occurredAt: number) => void;
  undecodable: (topic: string) => void;
  log: Logger;
  /** Absent where no traces are wanted: then nothing is done for them. */
  tracer?: Tracer;
  now: () => number;
  random: () => number;
  /** Aborts the requests in flight when a stop takes too long; in an attempt also when its lease may be another's. */
  signal: AbortSignal;
  /** Absent: a lease is believed for as long as an attempt takes. */
  leases?: LeaseWatch;
}
