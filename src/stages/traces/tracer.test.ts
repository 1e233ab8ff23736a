import {AsyncLocalStorage} from 'node:async_hooks';
import {afterEach, expect, test} from '@jest/globals';
import {BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor} from '@opentelemetry/sdk-trace-base';
import type {SourceRecord} from '../../core/change.ts';
import type {TracedRequest} from '../../core/trace.ts';
import {createTracer} from './tracer.ts';

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({spanProcessors: [new SimpleSpanProcessor(exporter)]});
const tracer = createTracer({
  ...{
    spans: provider.getTracer('test'),
    running: new AsyncLocalStorage(),
    target: 'here',
    consumerGroup: 'g',
  },
});
afterEach(() => exporter.reset());

const parents = ['b7ad6b7169203331', 'b7ad6b7169203332', 'b7ad6b7169203333'];
const record = (offset: number, parent?: string): SourceRecord => ({
  ...{topic: 'events', partition: 3, offset, timestamp: 0, key: null, value: null},
  headers: parent === undefined ? {} : {traceparent: `00-0af7651916cd43dd8448eb211c80319c-${parent}-01`},
});
const request: TracedRequest = {
  ...{operation: 'create user', method: 'POST', origin: 'https://wiki.example', status: 201, seconds: 0.5},
};
const byName = (name: string) => exporter.getFinishedSpans().filter((span) => span.name === name);

test('records that go together are one attempt: below the last one’s publisher, and linked to the others’', () => {
  const records = [record(7, parents[0]), record(6), record(5, parents[2])];
  tracer.begin({subject: 'g1', from: 'window', records, attempts: 0}).end('applied');
  const [span] = byName('process events');
  expect(span?.parentSpanContext?.spanId).toBe(parents[0]);
  expect(span?.links.map(({context}) => context.spanId)).toEqual([parents[2]]);
  expect(span?.attributes).toMatchObject({'messaging.batch.message_count': 3, 'messaging.kafka.offset': 7});
});

test('the time in the window is a part of it', () => {
  const receivedAt = Date.now() - 5000;
  tracer.begin({subject: 'u', from: 'window', records: [record(1)], receivedAt, attempts: 0}).end('applied');
  for (const name of ['process events', 'window']) {
    const [span] = byName(name);
    expect(span?.startTime[0]).toBe(Math.floor(receivedAt / 1000));
    expect(span?.duration[0]).toBeGreaterThanOrEqual(4);
  }
});

test('a request belongs to the attempt that it was made within, and to none when it was made for none', async () => {
  const change = tracer.begin({subject: 'u', from: 'sync', records: [], attempts: 0});
  await change.within(async () => {
    await Promise.resolve();
    tracer.request(request);
    tracer.request({...request, status: 'error', origin: 'http://127.0.0.1:81'});
    expect(tracer.current()).toEqual(change.context);
  });
  tracer.request(request);
  expect(tracer.current()).toBeUndefined();
  change.end('applied');
  const [answered, lost, ...more] = byName('POST create user');
  expect(more).toEqual([]);
  expect(answered?.attributes).toEqual({
    'avroscim.operation': 'create user',
    'http.request.method': 'POST',
    'http.response.status_code': 201,
    'server.address': 'wiki.example',
    'server.port': 443,
  });
  expect(lost?.attributes).toMatchObject({'error.type': 'error', 'server.port': 81});
  expect(lost?.parentSpanContext?.spanId).toBe(byName('sync')[0]?.spanContext().spanId);
});

test('a step that is open ends with its attempt', () => {
  const change = tracer.begin({subject: 'u', from: 'lane', records: [record(1)], attempts: 4});
  change.step('settle');
  change.step('decode').end({failure: {kind: 'undecodable', cause: 'undecodable value', message: ''}});
  change.end('dead');
  expect(byName('settle')).toHaveLength(1);
  expect(byName('decode')[0]).toMatchObject({status: {code: 2, message: 'undecodable value'}});
  expect(byName('process events')[0]?.attributes).toMatchObject({
    'avroscim.attempt': 5,
    'avroscim.outcome': 'dead',
  });
});
