import {expect, test} from '@jest/globals';
import {startOtlpReceiver} from '../../../test/support/otlp.ts';
import {openTraces} from './traces.ts';

const quiet = (): void => undefined;
const log = {debug: quiet, info: quiet, warn: quiet, error: quiet};
const settings = {sampleRatio: 1, serviceName: 'hr-sync'};

test('without an endpoint there are none', async () => {
  expect(await openTraces(() => settings, log)).toBeUndefined();
});

test('what waits at the end is sent, with the headers of now', async () => {
  const receiver = await startOtlpReceiver();
  let headers = {authorization: 'Bearer old'};
  const traces = await openTraces(() => ({...settings, endpoint: receiver.url, headers}), log);
  headers = {authorization: 'Bearer new'};
  const attempt = {subject: 'u', from: 'sync', records: [], attempts: 0};
  traces?.forTarget('here', 'group').begin(attempt).end('applied');
  await traces?.close(5000);
  expect(receiver.spans).toMatchObject([{name: 'sync', attributes: {'avroscim.subject': 'u'}}]);
  expect(receiver.resources).toMatchObject([{'service.name': 'hr-sync'}]);
  expect(receiver.headers).toMatchObject([{authorization: 'Bearer new'}]);
  await receiver.close();
});
