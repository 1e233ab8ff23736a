import {OTLPTraceExporter} from '@opentelemetry/exporter-trace-otlp-proto';
import type {SpanExporter} from '@opentelemetry/sdk-trace-base';
import type {TracesOptions} from './index.ts';

/** `ExportResultCode.SUCCESS` of OpenTelemetry. */
const success = 0;

/** OTLP over HTTP with protobuf. That spans can not be sent is said once, and once when they can again. */
export function createExporter({endpoint, headers, log}: TracesOptions): SpanExporter {
  const inner = new OTLPTraceExporter({
    url: endpoint,
    headers: () => Promise.resolve(headers()),
    timeoutMillis: 5000,
  });
  let lost = 0;
  return {
    export(spans, done) {
      inner.export(spans, (result) => {
        const code: number = result.code;
        if (code === success) {
          if (lost > 0) log.info({lost}, 'traces are sent again');
          lost = 0;
        } else {
          // Its message may hold what the receiver said: the name of the error is enough.
          if (lost === 0) log.warn({endpoint, reason: result.error?.name}, 'traces can not be sent');
          lost += spans.length;
        }
        done(result);
      });
    },
    shutdown: () => inner.shutdown(),
    forceFlush: () => inner.forceFlush(),
  };
}
