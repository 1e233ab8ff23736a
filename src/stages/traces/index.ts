import {AsyncLocalStorage} from 'node:async_hooks';
import {randomUUID} from 'node:crypto';
import {resourceFromAttributes} from '@opentelemetry/resources';
import {
  BasicTracerProvider,
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-base';
import {
  ATTR_SERVICE_INSTANCE_ID,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
} from '@opentelemetry/semantic-conventions';
import type {Logger} from '../../core/connector.ts';
import type {Tracer} from '../../core/trace.ts';
import {createExporter} from './exporter.ts';
import {createTracer, type Running} from './tracer.ts';

export interface TracesOptions {
  /** Where spans go, by OTLP over HTTP: the whole address, with its path. */
  endpoint: string;
  /** Headers of those requests, as they are now. */
  headers: () => Record<string, string>;
  /** Share of the traces that begin here, 0 to 1; of those that begun elsewhere, what their own flag says. */
  sampleRatio: number;
  serviceName: string;
  version: string;
  log: Logger;
  /** How long a span waits for others to go with; 5000 ms unless told. */
  delayMs?: number;
}

/** The traces of this process. */
export interface Traces {
  forTarget(target: string, consumerGroup: string): Tracer;
  /** Sends what waits, for so long at most. Never rejects. */
  close(graceMs: number): Promise<void>;
}

/** OpenTelemetry, not registered globally: nothing else of the process is traced. */
export function createTraces(options: TracesOptions): Traces {
  const {sampleRatio, serviceName, version, delayMs} = options;
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({
      [ATTR_SERVICE_NAME]: serviceName,
      [ATTR_SERVICE_VERSION]: version,
      [ATTR_SERVICE_INSTANCE_ID]: randomUUID(),
    }),
    sampler: new ParentBasedSampler({root: new TraceIdRatioBasedSampler(sampleRatio)}),
    spanProcessors: [
      new BatchSpanProcessor(createExporter(options), {
        maxQueueSize: 8192,
        ...(delayMs === undefined ? {} : {scheduledDelayMillis: delayMs}),
      }),
    ],
  });
  const spans = provider.getTracer('avro-scim', version);
  const running: Running = new AsyncLocalStorage();
  return {
    forTarget: (target, consumerGroup) => createTracer({spans, running, target, consumerGroup}),
    async close(graceMs) {
      const late = Promise.withResolvers<undefined>();
      const timer = setTimeout(() => late.resolve(undefined), graceMs);
      await Promise.race([provider.shutdown().catch(() => undefined), late.promise]);
      clearTimeout(timer);
    },
  };
}
