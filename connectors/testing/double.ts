import {createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {text} from 'node:stream/consumers';

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

export interface Double {
  /** Where it listens: `http://127.0.0.1:41234`. */
  url: string;
  close(): Promise<void>;
}

/** Starts a double of a service on this machine, at a free port: `answer` is the service. What it throws is a 500. */
export async function startDouble(
  answer: (request: DoubleRequest) => DoubleAnswer | Promise<DoubleAnswer>,
): Promise<Double> {
  const server = createServer((request, response) => {
    void read(request)
      .then(answer)
      .catch((error: unknown): DoubleAnswer => ({status: 500, body: String(error)}))
      .then((answered) => write(response, answered));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function read(request: IncomingMessage): Promise<DoubleRequest> {
  const url = new URL(request.url ?? '/', 'http://double');
  const body = await text(request);
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: parsed(body),
  };
}

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
