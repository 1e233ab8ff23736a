import type {ConnectorContext, HttpAnswer, HttpRequest, SendRequest} from '../../../src/core/connector.ts';
import {failed, ok} from '../../../src/core/failure.ts';
import {failureOfAnswer} from '../../../src/http/failures.ts';
import {configSchema, type ScimConfig} from '../manifest.ts';

export interface Scripted {
  context: ConnectorContext<ScimConfig>;
  requests: HttpRequest[];
  /** Milliseconds that the connector takes for now. */
  clock: {now: number};
  /** Replaces the config, as a changed secret file does. */
  configure(config: object): void;
}

type Reply = [number, (object | string)?];

/** A connector's context whose service is a function of the request. */
export function scripted(config: object, reply: (request: HttpRequest, nth: number) => Reply): Scripted {
  let current = configSchema.parse({baseUrl: 'https://wiki.example/scim/v2', ...config});
  const requests: HttpRequest[] = [];
  const clock = {now: Date.parse('2026-01-01T00:00:00Z')};
  const send: SendRequest = (request) => {
    requests.push(request);
    const [status, body = ''] = reply(request, requests.length);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const answer: HttpAnswer = {status, headers: {}, text};
    const fine = status < 300 || request.accept?.includes(status);
    return Promise.resolve(fine ? ok(answer) : failed(failureOfAnswer(request, answer, clock.now)));
  };
  const silent = (): void => undefined;
  const log = {debug: silent, info: silent, warn: silent, error: silent};
  return {
    context: {target: 'wiki', config: () => current, send, log, now: () => clock.now},
    requests,
    clock,
    configure(next) {
      current = configSchema.parse({baseUrl: 'https://wiki.example/scim/v2', ...next});
    },
  };
}

export const options = {signal: new AbortController().signal};
