import type {HttpAnswer, HttpRequest, Logger, SendRequest} from '../../src/core/connector.ts';
import {failed, ok} from '../../src/core/failure.ts';
import {failureOfAnswer} from '../../src/http/failures.ts';

/** Status, body (an object is sent as JSON), headers. */
export type ScriptedReply = [number, (object | string)?, HttpAnswer['headers']?];

/** What a service answers to its nth request. */
export type Script = (request: HttpRequest, nth: number) => ScriptedReply;

export interface Scripted {
  send: SendRequest;
  requests: HttpRequest[];
  /** Milliseconds that the connector takes for now. */
  clock: {now: number};
}

const say = (): void => undefined;
export const silent: Logger = {debug: say, info: say, warn: say, error: say};

/** A way to send to a service that is a function. */
export function scriptedSender(reply: Script): Scripted {
  const requests: HttpRequest[] = [];
  const clock = {now: Date.parse('2026-01-01T00:00:00Z')};
  return {
    requests,
    clock,
    send(request) {
      requests.push(request);
      const [status, body = '', headers = {}] = reply(request, requests.length);
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const answer: HttpAnswer = {status, headers, text};
      const isAnswer = status < 300 || request.accept?.includes(status);
      return Promise.resolve(isAnswer ? ok(answer) : failed(failureOfAnswer(request, answer, clock.now)));
    },
  };
}
