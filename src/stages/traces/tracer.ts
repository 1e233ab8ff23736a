import type {AsyncLocalStorage} from 'node:async_hooks';
import {
  SpanKind,
  SpanStatusCode,
  type Attributes,
  type Span,
  type SpanContext,
  type Tracer as Spans,
} from '@opentelemetry/api';
import {
  ATTR_ERROR_TYPE,
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
} from '@opentelemetry/semantic-conventions';
import type {SourceRecord} from '../../core/change.ts';
import type {Failure} from '../../core/failure.ts';
import type {Attempt, ChangeTrace, Step, TraceContext, TracedRequest, Tracer} from '../../core/trace.ts';
import {below, readContext, writeContext} from './context.ts';

/** The span of the attempt that the work under way is part of. */
export type Running = AsyncLocalStorage<Span>;

export interface TracerParts {
  spans: Spans;
  running: Running;
  target: string;
  consumerGroup: string;
}

/** OpenTelemetry's names for messaging, which are still in development: hence not in its package of stable names. */
const MESSAGING = {
  system: 'messaging.system',
  operationName: 'messaging.operation.name',
  operationType: 'messaging.operation.type',
  destination: 'messaging.destination.name',
  partition: 'messaging.destination.partition.id',
  offset: 'messaging.kafka.offset',
  key: 'messaging.kafka.message.key',
  group: 'messaging.consumer.group.name',
  count: 'messaging.batch.message_count',
  conversation: 'messaging.message.conversation_id',
} as const;

/** The tracer of one target. */
export function createTracer(parts: TracerParts): Tracer {
  const {spans, running} = parts;
  return {
    begin: (attempt) => beginAttempt(parts, attempt),
    current() {
      const span = running.getStore();
      return span && writeContext(span.spanContext());
    },
    request(request) {
      const attempt = running.getStore();
      if (attempt?.isRecording()) traceRequest(spans, attempt, request);
    },
  };
}

const contextOf = ({headers}: SourceRecord): SpanContext | undefined => readContext(headers);

function beginAttempt(parts: TracerParts, attempt: Attempt): ChangeTrace {
  const [newest, ...others] = attempt.records;
  const told = newest && contextOf(newest);
  const kept = attempt.first && readContext(attempt.first);
  // A later attempt is a child of the first, and the first of who published the record.
  const parent = kept ?? told;
  const links = others.flatMap((record) => contextOf(record) ?? []).map((context) => ({context}));
  const span = parts.spans.startSpan(
    newest ? `process ${newest.topic}` : attempt.from,
    {
      kind: newest ? SpanKind.CONSUMER : SpanKind.INTERNAL,
      attributes: attributesOf(parts, attempt, newest),
      links,
      ...(attempt.receivedAt === undefined ? {} : {startTime: new Date(attempt.receivedAt)}),
    },
    below(parent),
  );
  const change = new TracedChange(parts, span);
  if (attempt.receivedAt !== undefined) change.past('window', attempt.receivedAt);
  return change;
}

function attributesOf(
  {target, consumerGroup}: TracerParts,
  {subject, from, attempts, records}: Attempt,
  record: SourceRecord | undefined,
): Attributes {
  return {
    'avroscim.target': target,
    'avroscim.subject': subject,
    'avroscim.from': from,
    'avroscim.attempt': attempts + 1,
    ...(record && {
      [MESSAGING.system]: 'kafka',
      [MESSAGING.operationName]: 'process',
      [MESSAGING.operationType]: 'process',
      [MESSAGING.destination]: record.topic,
      [MESSAGING.partition]: String(record.partition),
      [MESSAGING.offset]: record.offset,
      [MESSAGING.key]: subject,
      [MESSAGING.group]: consumerGroup,
      ...(records.length > 1 && {[MESSAGING.count]: records.length}),
    }),
  };
}

/** Causes and kinds of failures are low in number and name nobody (core/failure.ts). */
function setFailure(span: Span, {kind, cause}: Failure): void {
  span.setStatus({code: SpanStatusCode.ERROR, message: cause});
  span.setAttribute(ATTR_ERROR_TYPE, kind);
}

class TracedChange implements ChangeTrace {
  readonly context: TraceContext;
  readonly #parts: TracerParts;
  readonly #span: Span;
  readonly #open = new Set<Span>();

  constructor(parts: TracerParts, span: Span) {
    this.#parts = parts;
    this.#span = span;
    this.context = writeContext(span.spanContext());
  }

  step(name: string): Step {
    if (!this.#span.isRecording()) return untold;
    const span = this.#parts.spans.startSpan(name, {}, below(this.#span.spanContext()));
    this.#open.add(span);
    return {
      end: ({failure, verdict} = {}) => {
        if (failure) setFailure(span, failure);
        if (verdict !== undefined) span.setAttribute('avroscim.verdict', verdict);
        this.#open.delete(span);
        span.end();
      },
    };
  }

  /** A step from `sinceMs` (since the epoch) until now. */
  past(name: string, sinceMs: number): void {
    if (!this.#span.isRecording()) return;
    this.#parts.spans.startSpan(name, {startTime: new Date(sinceMs)}, below(this.#span.spanContext())).end();
  }

  tell({eventId, correlationId, source}: Parameters<ChangeTrace['tell']>[0], does: string): void {
    this.#span.setAttributes({
      'avroscim.does': does,
      'avroscim.source': source,
      ...(eventId === '' ? {} : {'avroscim.event.id': eventId}),
      ...(correlationId === undefined ? {} : {[MESSAGING.conversation]: correlationId}),
    });
  }

  failed(failure: Failure): void {
    setFailure(this.#span, failure);
  }

  within<T>(work: () => Promise<T>): Promise<T> {
    return this.#parts.running.run(this.#span, work);
  }

  end(outcome: Parameters<ChangeTrace['end']>[0]): void {
    for (const span of this.#open) span.end();
    this.#span.setAttribute('avroscim.outcome', outcome);
    this.#span.end();
  }
}

const untold: Step = {end: () => undefined};

/** One request that is over (semantic conventions for HTTP clients, without the path: it may name somebody). */
function traceRequest(
  spans: Spans,
  attempt: Span,
  {operation, method, origin, status, seconds}: TracedRequest,
): void {
  const {hostname, port, protocol} = new URL(origin);
  const name = `${method} ${operation}`;
  const attributes = {
    'avroscim.operation': operation,
    [ATTR_HTTP_REQUEST_METHOD]: method,
    [ATTR_SERVER_ADDRESS]: hostname,
    [ATTR_SERVER_PORT]: Number(port || (protocol === 'https:' ? 443 : 80)),
    ...(status === 'error' ? {} : {[ATTR_HTTP_RESPONSE_STATUS_CODE]: status}),
    ...(status === 'error' || status >= 400 ? {[ATTR_ERROR_TYPE]: String(status)} : {}),
  };
  const startTime = new Date(Date.now() - seconds * 1000);
  const span = spans.startSpan(
    name,
    {kind: SpanKind.CLIENT, startTime, attributes},
    below(attempt.spanContext()),
  );
  if (ATTR_ERROR_TYPE in attributes) span.setStatus({code: SpanStatusCode.ERROR});
  span.end();
}
