import {expect, test} from '@jest/globals';
import {readContext, writeContext} from './context.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

test.each([
  ['sampled', `00-${traceId}-${spanId}-01`, 1],
  ['not sampled', `00-${traceId}-${spanId}-00`, 0],
  ['flags that nobody knows', `00-${traceId}-${spanId}-ff`, 1],
  ['a later version, which says more', `cc-${traceId}-${spanId}-01-what-will-be`, 1],
])('a trace context is read: %s', (_what, traceparent, traceFlags) => {
  expect(readContext({traceparent})).toMatchObject({traceId, spanId, traceFlags, isRemote: true});
});

test.each([
  ['nothing', undefined],
  ['another form', 'abc'],
  ['a trace of zeros', `00-${'0'.repeat(32)}-${spanId}-01`],
  ['a span of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
  ['capital letters', `00-${traceId.toUpperCase()}-${spanId}-01`],
  ['the version that is none', `ff-${traceId}-${spanId}-01`],
  ['this version, and more', `00-${traceId}-${spanId}-01-more`],
  ['a line break behind it', `00-${traceId}-${spanId}-01\n`],
])('what is no trace context begins a trace of its own: %s', (_what, traceparent) => {
  expect(readContext(traceparent === undefined ? {} : {traceparent})).toBeUndefined();
});

test('what is written is what was read', () => {
  const told = {traceparent: `00-${traceId}-${spanId}-01`, tracestate: 'hr=1,it=2'};
  const context = readContext(told);
  expect(context && writeContext(context)).toEqual(told);
  const plain = readContext({traceparent: told.traceparent, tracestate: ''});
  expect(plain && writeContext(plain)).toEqual({traceparent: told.traceparent});
});
