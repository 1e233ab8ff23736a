import {request as requestOnce, type IncomingMessage, type ServerResponse} from 'node:http';
import {once} from 'node:events';
import type {HttpRequest} from '../../../src/core/connector.ts';
import {listen} from '../listening.ts';

/** A stretch of wire between the connector and its service, on which an answer can get lost. */
export interface Relay {
  /** The same request on a way where the service carries it out, and the connection breaks before the answer comes. */
  losing: (request: HttpRequest) => HttpRequest;
  /** The same request on a way where nobody answers. */
  hanging: (request: HttpRequest) => HttpRequest;
  /** Resolves when the next request hangs. */
  hung: () => Promise<void>;
  close: () => Promise<void>;
}

const origin = 'x-contract-origin';

/** Listens on a port of its own; a request tells in a header where it was to go, or that it is to hang. */
export async function openRelay(): Promise<Relay> {
  let arrived: (() => void) | undefined;
  const {url: base, close} = await listen((request, response, text) => {
    if (request.headers[origin] === undefined) arrived?.();
    else return carryOut(request, response, text);
  });
  const by = (request: HttpRequest, headers: Record<string, string>): HttpRequest => ({
    ...request,
    url: new URL(request.url.pathname + request.url.search, base),
    headers: {...request.headers, ...headers},
  });
  return {
    losing: (request) => by(request, {[origin]: request.url.origin}),
    hanging: (request) => by(request, {}),
    hung: () => new Promise((resolve) => (arrived = resolve)),
    close,
  };
}

async function carryOut(request: IncomingMessage, response: ServerResponse, text: string): Promise<void> {
  const to = new URL(request.url ?? '', String(request.headers[origin]));
  const sent = Object.entries({...request.headers, host: to.host}).filter(([name]) => name !== origin);
  const headers = Object.fromEntries(sent);
  const forwarded = requestOnce(to, {method: request.method ?? 'GET', headers, agent: false});
  forwarded.end(text);
  const [answer] = (await once(forwarded, 'response')) as [IncomingMessage];
  answer.resume();
  await once(answer, 'end');
  response.destroy();
}
