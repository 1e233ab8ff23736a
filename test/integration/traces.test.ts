import {afterEach, expect, test} from '@jest/globals';
import {scim} from '../../connectors/scim/index.ts';
import type {SourceRecord} from '../../src/core/change.ts';
import {entryKind, plan} from '../../src/core/plan.ts';
import {createPolicy} from '../../src/core/policy.ts';
import type {Statement} from '../../src/core/statement.ts';
import type {TraceContext} from '../../src/core/trace.ts';
import {createSender} from '../../src/http.ts';
import {createTraces} from '../../src/stages/traces/index.ts';
import {withTraceparent} from '../../src/target/traced.ts';
import {eventually} from '../support/eventually.ts';
import {startOtlpReceiver, type ReceivedSpan} from '../support/otlp.ts';
import {startRecordingTarget} from '../support/recording-target.ts';
import {dispatchRig, gone, person} from './dispatch/rig.ts';

const closes: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closes.splice(0).reverse()) await close();
});

const quiet = (): void => undefined;
const log = {debug: quiet, info: quiet, warn: quiet, error: quiet};

/** A target over HTTP, a dispatcher that traces, and where its spans go. */
async function rig(sampleRatio = 1) {
  const otlp = await startOtlpReceiver();
  closes.push(() => otlp.close());
  const target = await startRecordingTarget();
  closes.push(() => target.close());
  const said: string[] = [];
  const say = (_fields: object, message: string): void => void said.push(message);
  const traces = createTraces({
    endpoint: otlp.url,
    headers: () => ({authorization: 'Bearer of-the-receiver'}),
    ...{sampleRatio, serviceName: 'avro-scim', version: '1.2.3', delayMs: 10},
    log: {...log, info: say, warn: say},
  });
  closes.push(() => traces.close(1000));
  const tracer = traces.forTarget('here', 'avro-scim.here');
  const sender = createSender({
    ...{target: 'here', connections: 4, deadlineMs: 5000, maxAnswerBytes: 1e6, now: Date.now},
    observe: (request) => tracer.request(request),
  });
  closes.push(() => sender.close());
  const sent: (Record<string, string> | undefined)[] = [];
  const send: typeof sender.send = (request) => {
    sent.push(request.headers);
    return sender.send(request);
  };
  const config = scim.manifest.configSchema.parse({baseUrl: target.url, auth: {bearer: 'of-the-target'}});
  const port = scim.create({
    ...{target: 'here', config: () => config, send: withTraceparent(send, tracer), log, now: Date.now},
  });
  const dispatch = await dispatchRig({tracer, port});
  let next = 0;
  /** Each a record with these headers, read now. */
  const sayOne = (statement: Statement, headers: Partial<TraceContext> = {}): number => {
    const [offset, occurredAt] = [next, 1_700_000_000_000 + next];
    const value = Buffer.from(JSON.stringify({...statement, meta: {...statement.meta, occurredAt}}));
    const {subject} = statement;
    const record: SourceRecord = {
      ...{topic: 'events', partition: 0, offset, timestamp: 0, key: Buffer.from(subject), value},
      headers: {...headers},
    };
    const kind = entryKind(plan(statement, createPolicy({scope: {}, attributes: {}})));
    const receivedAt = Date.now();
    dispatch.stages.window.offer({record, source: 1, subject, occurredAt, ...kind, bytes: 1, receivedAt});
    dispatch.dispatcher.wake();
    next += 1;
    return offset;
  };
  return {otlp, target, sent, said, dispatch, say: sayOne};
}

/** The spans below one, by name, in the order in which they began, with what those below them. */
interface Tree {
  span: ReceivedSpan;
  below: Tree[];
}
const below = (spans: readonly ReceivedSpan[], id: string | undefined): Tree[] =>
  spans
    .filter(({parent}) => parent === id)
    .sort((a, b) => a.startMs - b.startMs)
    .map((span) => ({span, below: below(spans, span.id)}));
const names = (trees: Tree[]): unknown[] =>
  trees.map((tree) => (tree.below.length === 0 ? tree.span.name : [tree.span.name, names(tree.below)]));

/** Waits for so many attempts that are over: a settle goes on after its audit record. */
const attemptsOf = (spans: readonly ReceivedSpan[], count: number): Promise<ReceivedSpan[]> =>
  eventually(() => {
    const attempts = spans.filter(({name}) => name === 'process events');
    return attempts.length === count && attempts;
  });

const traceId = '0af7651916cd43dd8448eb211c80319c';
const publisher = 'b7ad6b7169203331';
const traced = {traceparent: `00-${traceId}-${publisher}-01`, tracestate: 'hr=1'};

test('a change that is parked and tried again is one trace, which begins with who published it', async () => {
  const {otlp, target, sent, dispatch, say} = await rig();
  const unhook = target.hook(({method}) =>
    method === 'POST' ? {kind: 'answer', status: 500, body: '{}'} : undefined,
  );
  const meta = {eventId: 'e-1', occurredAt: 0, source: 'hr', correlationId: 'onboarding-7'};
  const anna = {...person('u1', {userName: 'anna.secret', title: 'Herald'}), meta};
  const offset = say(anna, traced);
  await dispatch.ended(offset, 'parked');
  unhook();
  await dispatch.ended(offset, 'applied');
  const {spans} = otlp;
  await attemptsOf(spans, 2);
  expect(new Set(spans.map((span) => span.traceId))).toEqual(new Set([traceId]));
  const [first, ...others] = below(spans, publisher);
  if (!first) throw new Error('nothing was received');
  expect(others).toEqual([]);
  const again = below(spans, first.span.id).find(({span}) => span.name === 'process events');
  expect(names(first.below.filter(({span}) => span.id !== again?.span.id))).toEqual([
    ...['window', 'decode', 'plan', 'claim', 'POST create user', 'settle'],
  ]);
  // Whether the first one was carried out nobody knows: it is looked for.
  expect(names(again?.below ?? [])).toEqual([
    ...['decode', 'plan', 'claim', 'GET find user', 'GET find user', 'POST create user', 'settle'],
  ]);

  expect(first.span).toMatchObject({
    kind: 5,
    status: {code: 2},
    attributes: {
      'messaging.system': 'kafka',
      'messaging.operation.type': 'process',
      'messaging.destination.name': 'events',
      'messaging.destination.partition.id': '0',
      'messaging.kafka.offset': offset,
      'messaging.kafka.message.key': 'u1',
      'messaging.consumer.group.name': 'avro-scim.here',
      'messaging.message.conversation_id': 'onboarding-7',
      'error.type': 'transient',
      'avroscim.target': 'here',
      'avroscim.subject': 'u1',
      'avroscim.does': 'user',
      'avroscim.event.id': 'e-1',
      'avroscim.attempt': 1,
      'avroscim.outcome': 'parked',
    },
  });
  expect(again?.span).toMatchObject({
    kind: 5,
    status: {code: 0},
    attributes: {'avroscim.from': 'lane', 'avroscim.attempt': 2, 'avroscim.outcome': 'applied'},
  });
  const posts = spans.filter(({name}) => name === 'POST create user').sort((a, b) => a.startMs - b.startMs);
  expect(posts).toMatchObject([
    {kind: 3, status: {code: 2}, attributes: {'http.response.status_code': 500, 'error.type': '500'}},
    {
      kind: 3,
      status: {code: 0},
      attributes: {'http.response.status_code': 201, 'server.address': '127.0.0.1'},
    },
  ]);
  for (const {startMs, endMs} of spans) expect(endMs).toBeGreaterThanOrEqual(startMs);
  expect(otlp.resources[0]).toMatchObject({'service.name': 'avro-scim', 'service.version': '1.2.3'});
  expect(otlp.headers[0]).toMatchObject({authorization: 'Bearer of-the-receiver'});

  // The target is told which attempt asks it.
  expect(sent[0]).toMatchObject({traceparent: `00-${traceId}-${first.span.id}-01`, tracestate: 'hr=1'});
  // Nothing of the person but the id, and no secret.
  expect(otlp.bytes().toString('latin1')).not.toMatch(/anna|Herald|of-the-target/);
});

test('a dead letter keeps its trace, and what is retried belongs to it', async () => {
  const {otlp, target, dispatch, say} = await rig();
  const unhook = target.hook(({method}) =>
    method === 'POST' ? {kind: 'answer', status: 400, body: '{}'} : undefined,
  );
  const offset = say(person('u2'));
  await dispatch.ended(offset, 'dead');
  unhook();
  const [letter] = await eventually(async () => {
    const all = await dispatch.redis.hvals(dispatch.key('dl'));
    return all.length > 0 && all;
  });
  expect(JSON.parse(letter ?? '{}')).toMatchObject({
    trace: {traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)},
  });
  await dispatch.stages.letters.retry([`events/0/${offset}`]);
  await dispatch.ended(offset, 'applied');
  const attempts = await attemptsOf(otlp.spans, 2);
  expect(attempts.map(({attributes}) => attributes['avroscim.outcome']).sort()).toEqual(['applied', 'dead']);
  expect(new Set(otlp.spans.map((span) => span.traceId)).size).toBe(1);
});

test('of what nobody sampled nothing is told, and of what its publisher has sampled all', async () => {
  const {otlp, dispatch, say} = await rig(0);
  await dispatch.ended(say(person('u3'), {traceparent: `00-${traceId}-${publisher}-00`}), 'applied');
  await dispatch.ended(say(person('u4'), {traceparent: 'what is no trace context'}), 'applied');
  await dispatch.ended(say(gone('u3'), traced), 'applied');
  // The ratio is for traces that begin here: the leave's began elsewhere, and was sampled there.
  const attempts = await attemptsOf(otlp.spans, 1);
  expect(attempts).toMatchObject([{parent: publisher, attributes: {'avroscim.does': 'leave'}}]);
});

test('a receiver that refuses stops nothing, and is told of once', async () => {
  const {otlp, dispatch, say, said} = await rig();
  otlp.answer = 400;
  await dispatch.ended(say(person('u5')), 'applied');
  await eventually(() => said.length > 0);
  await dispatch.ended(say(person('u6')), 'applied');
  await eventually(() => otlp.headers.length > 1);
  expect(said).toEqual(['traces can not be sent']);
  otlp.answer = 200;
  await dispatch.ended(say(person('u7')), 'applied');
  await eventually(() => said.length > 1);
  expect(said).toEqual(['traces can not be sent', 'traces are sent again']);
});
