import {
  createTraceState,
  isSpanContextValid,
  ROOT_CONTEXT,
  trace,
  type Context,
  type SpanContext,
} from '@opentelemetry/api';
import type {TraceContext} from '../../core/trace.ts';

/** `version-traceid-parentid-flags` (W3C Trace Context, section 3.2); a later version may say more behind it. */
const form = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Nothing where the headers say nothing, or what is no trace context. */
export function readContext({traceparent, tracestate}: Partial<TraceContext>): SpanContext | undefined {
  const [, version, traceId = '', spanId = '', flags = '', more] = form.exec(traceparent ?? '') ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  const context: SpanContext = {
    ...{traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true},
    ...(tracestate ? {traceState: createTraceState(tracestate)} : {}),
  };
  return isSpanContextValid(context) ? context : undefined;
}

/** As W3C's headers have it, version 00. */
export function writeContext({traceId, spanId, traceFlags, traceState}: SpanContext): TraceContext {
  const traceparent = `00-${traceId}-${spanId}-${(traceFlags & 1).toString(16).padStart(2, '0')}`;
  const tracestate = traceState?.serialize();
  return tracestate ? {traceparent, tracestate} : {traceparent};
}

/** What a span begins below; nothing: it begins a trace. */
export const below = (parent: SpanContext | undefined): Context =>
  parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
