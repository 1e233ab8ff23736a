import type {IncomingHttpHeaders, IncomingMessage, ServerResponse} from 'node:http';
import {listen, type Listening} from './listening.ts';

/** A request as a double is asked it. */
export interface DoubleRequest {
  method: string;
  /** Without the query: `/v1/people/7`. */
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** The body read as JSON; a text that is none as it is, and no body as undefined. */
  body: unknown;
}

export interface DoubleAnswer {
  status: number;
  headers?: Record<string, string>;
  /** Sent as JSON; a text as it is; absent: nothing. */
  body?: unknown;
}

/** Where it listens, on this machine, and how it ends. */
export type Double = Listening;

/** Starts a double of a service on this machine, at a free port: `answer` is the service. What it throws is a 500. */
export function startDouble(
  answer: (request: DoubleRequest) => DoubleAnswer | Promise<DoubleAnswer>,
): Promise<Double> {
  return listen(async (request, response, text) => {
    try {
      write(response, await answer(read(request, text)));
    } catch (error) {
      write(response, {status: 500, body: String(error)});
    }
  });
}

const read = (request: IncomingMessage, text: string): DoubleRequest => {
  const url = new URL(request.url ?? '/', 'http://double');
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: parsed(text),
  };
};

const parsed = (body: string): unknown => {
  if (body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
};

function write(response: ServerResponse, {status, headers = {}, body}: DoubleAnswer): void {
  const type = typeof body === 'string' ? 'text/plain' : 'application/json';
  response.writeHead(status, {...(body === undefined ? {} : {'content-type': type}), ...headers});
  response.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body));
}
