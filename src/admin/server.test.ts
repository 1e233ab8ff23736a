import {afterEach, beforeEach, describe, expect, test} from '@jest/globals';
import {connect} from 'node:net';
import {text} from 'node:stream/consumers';
import {silent} from './testing/log.ts';
import {createAdmin, type Admin, type Readiness} from './server.ts';

const log = silent();

describe('the admin server', () => {
  let admin: Admin;
  let readiness: Readiness;
  let metrics: () => Promise<string>;
  const get = async (path: string, method = 'GET') => {
    const response = await fetch(`${admin.address()}${path}`, {method});
    return {status: response.status, type: response.headers.get('content-type'), text: await response.text()};
  };

  beforeEach(async () => {
    readiness = {
      dependencies: {kafka: {up: true}, redis: {up: true}},
      targets: {wiki: {gate: 'shut', detail: '401'}},
    };
    metrics = () => Promise.resolve('figures 1\n');
    admin = createAdmin({
      host: '127.0.0.1',
      port: 0,
      readiness: () => readiness,
      log,
      metrics: () => metrics(),
    });
    await admin.listen();
  });

  afterEach(() => admin.close());

  test('is alive', async () => {
    expect(await get('/livez')).toEqual({
      status: 200,
      type: 'application/json; charset=utf-8',
      text: '{"status":"alive"}\n',
    });
  });

  test('is ready although a gate is shut, and says so', async () => {
    const {status, text} = await get('/readyz');
    expect(status).toBe(200);
    expect(JSON.parse(text)).toEqual({status: 'ready', ...readiness});
  });

  test('is not ready while a dependency is down', async () => {
    readiness.dependencies['redis'] = {up: false, detail: 'connection refused'};
    const {status, text} = await get('/readyz');
    expect(status).toBe(503);
    expect(JSON.parse(text)).toMatchObject({status: 'not ready', dependencies: {redis: {up: false}}});
  });

  test('serves the metrics, and an error when there are none', async () => {
    expect(await get('/metrics?x=1')).toMatchObject({status: 200, text: 'figures 1\n'});
    metrics = () => Promise.reject(new Error('no'));
    expect(await get('/metrics')).toMatchObject({status: 500});
  });

  test('nothing else', async () => {
    expect((await get('/metricsx')).status).toBe(404);
    expect((await get('/livez', 'POST')).status).toBe(405);
    expect(await get('/livez', 'HEAD')).toMatchObject({status: 200, text: ''});
  });

  test('what is no HTTP, or longer than it may be, is told as a problem', async () => {
    const {hostname, port} = new URL(admin.address());
    const answers = ['no HTTP\r\n\r\n', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n\r\n`].map(async (sent) => {
      const socket = connect(Number(port), hostname).setEncoding('utf8');
      socket.write(sent);
      return text(socket);
    });
    for (const answer of await Promise.all(answers))
      expect(answer).toMatch(
        /^HTTP\/1\.1 400 [^]+application\/problem\+json[^]+urn:avro-scim:problem:bad-request/,
      );
  });

  test('says when its address is taken', async () => {
    const port = Number(new URL(admin.address()).port);
    const second = createAdmin({host: '127.0.0.1', port, readiness: () => readiness, log, metrics});
    await expect(second.listen()).rejects.toMatchObject({code: 'EADDRINUSE'});
    await second.close();
  });
});
