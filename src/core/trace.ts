import type {Outcome, SourceRecord} from './change.ts';
import type {Failure} from './failure.ts';
import type {StatementMeta} from './statement.ts';

/** A place in a trace, as the headers of W3C Trace Context write it: kept with a parked change and a dead letter. */
export interface TraceContext {
  traceparent: string;
  tracestate?: string;
}

/** What an attempt at a change is told of before anything is known of its content. */
export interface Attempt {
  subject: string;
  /** Where it was taken from: `window`, `lane`, `sync`, `reference`, `delete`. */
  from: string;
  /** Those that are worked on together, the last one first: that one's headers say which trace it belongs to. */
  records: readonly SourceRecord[];
  /** Of the first attempt at it: a later one belongs to the same trace. */
  first?: TraceContext | undefined;
  /** When it was read from Kafka, in ms since the epoch. */
  receivedAt?: number | undefined;
  /** Attempts before this one. */
  attempts: number;
}

export type StepName = 'decode' | 'plan' | 'claim' | 'settle';

/** A part of an attempt that takes time; one that is open ends with the attempt. */
export interface Step {
  end(how?: {failure?: Failure | undefined; verdict?: string | undefined}): void;
}

/** One attempt at one change, from where it was read to where it was settled. */
export interface ChangeTrace {
  /** What later attempts belong to. */
  readonly context: TraceContext;
  step(name: StepName): Step;
  /** What it is, once it is read: `does` is the claim that it makes, or `skip`. */
  tell(meta: StatementMeta, does: string): void;
  /** The target, or something on the way, did not do it. */
  failed(failure: Failure): void;
  /** Requests that are made within are part of it. */
  within<T>(work: () => Promise<T>): Promise<T>;
  /** `back`: it goes back to where it came from, untouched. */
  end(outcome: Outcome | 'back'): void;
}

/** One request to a target, when it is over. */
export interface TracedRequest {
  operation: string;
  method: string;
  /** Scheme, host and port: paths and queries may name people. */
  origin: string;
  status: number | 'error';
  seconds: number;
}

/** What is told of the work for one target. */
export interface Tracer {
  begin(attempt: Attempt): ChangeTrace;
  /** Of the attempt that it was made within; one that was made for no change is not told of. */
  request(request: TracedRequest): void;
  /** Where the work now under way stands, for whoever it is asked of. */
  current(): TraceContext | undefined;
}
