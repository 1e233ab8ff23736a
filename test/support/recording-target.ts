import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo, Socket} from 'node:net';
import type {Fault} from './target/faults.ts';
import {carryOut, providerConfig, refuse, type Answer} from './target/scim.ts';
import {carryOutOnGroup, leaveGroups} from './target/members.ts';
import {createStore, type Resource} from './target/store.ts';

/** A request as it arrived, in order of arrival, and what became of it. */
export interface RecordedRequest {
  /** Milliseconds since the epoch, at arrival of its last byte. */
  atMs: number;
  method: string;
  /** Path and query behind the base address: `/Users?filter=…`. */
  path: string;
  authorization: string | undefined;
  body: string;
  /** Of the answer, sent or lost; 0 when the request was not carried out and not answered. */
  status: number;
  /** The resource after the write; absent after a read, a delete, a refusal. */
  written?: Resource;
  /** Whether the answer reached the client's side of the connection. */
  answered: boolean;
}

/** Decides on a request before it is carried out; undefined lets it pass. */
export type Hook = (request: Pick<RecordedRequest, 'method' | 'path' | 'body'>) => Fault | undefined;

export interface TargetOptions {
  port?: number;
  /** How long each answer takes. */
  latencyMs?: number;
  /** false keeps no list of requests: the count alone. */
  record?: boolean;
  /** As most services have it: a group holds users that are there alone, a change of one is answered without a body. */
  checksMembers?: boolean;
}

export interface RecordingTarget {
  /** The SCIM base address, without a slash at the end. */
  url: string;
  requests: RecordedRequest[];
  /** How many requests came, recorded or not. */
  count(): number;
  users: Map<string, Resource>;
  groups: Map<string, Resource>;
  setLatency(latencyMs: number): void;
  /** Adds a hook; the first one that gives a fault decides. The returned function takes it away. */
  hook(hook: Hook): () => void;
  /** Ends all connections and stops listening. */
  close(): Promise<void>;
}

const base = '/scim/v2';

function readBody(request: IncomingMessage, done: (text: string) => void): void {
  let first: Buffer | undefined;
  let chunks: Buffer[] | undefined;
  request.on('data', (chunk: Buffer) => {
    if (first === undefined) first = chunk;
    else (chunks ??= [first]).push(chunk);
  });
  request.on('end', () => done((chunks === undefined ? first : Buffer.concat(chunks))?.toString() ?? ''));
}

function send(
  response: ServerResponse,
  status: number,
  text: string | undefined,
  headers: Record<string, string> = {},
): void {
  const length = text === undefined ? {} : {'content-length': Buffer.byteLength(text)};
  response.writeHead(status, {'content-type': 'application/scim+json', ...length, ...headers});
  response.end(text);
}

/** A SCIM server in memory, on loopback, that keeps every request and misbehaves on demand. */
export async function startRecordingTarget(options: TargetOptions = {}): Promise<RecordingTarget> {
  const users = createStore('User');
  const groups = createStore('Group');
  const requests: RecordedRequest[] = [];
  const hooks = new Set<Hook>();
  const sockets = new Set<Socket>();
  let latencyMs = options.latencyMs ?? 0;
  let count = 0;

  function carry(method: string, path: string, body: string): Answer {
    const [place = '', query = ''] = path.split('?', 2);
    const [, endpoint, id] = place.split('/', 3);
    if (endpoint === 'Users') {
      const answer = carryOut(users, method, id, query, body);
      if (options.checksMembers && method === 'DELETE') leaveGroups(groups, id);
      return answer;
    }
    if (endpoint === 'Groups' && options.checksMembers)
      return carryOutOnGroup({users, groups}, method, id, query, body);
    if (endpoint === 'Groups') return carryOut(groups, method, id, query, body);
    return endpoint === 'ServiceProviderConfig' ? providerConfig : refuse(404, 'no such endpoint');
  }

  function faultOf(entry: RecordedRequest): Fault | undefined {
    for (const hook of hooks) {
      const fault = hook(entry);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  function answer(entry: RecordedRequest, request: IncomingMessage, response: ServerResponse): void {
    const fault = faultOf(entry);
    if (fault?.kind === 'silent') return;
    if (fault?.kind === 'reset') {
      request.socket.resetAndDestroy();
      return;
    }
    if (fault?.kind === 'answer') {
      entry.status = fault.status;
      entry.answered = true;
      send(response, fault.status, fault.body, fault.headers);
      return;
    }
    const {status, body, written = body} = carry(entry.method, entry.path, entry.body);
    entry.status = status;
    if (entry.method !== 'GET' && status < 300 && written !== undefined) entry.written = written as Resource;
    if (fault?.kind === 'lost') {
      request.socket.resetAndDestroy();
      return;
    }
    entry.answered = true;
    send(response, status, body === undefined ? undefined : JSON.stringify(body));
  }

  const server = createServer((request, response) => {
    const {method = '', url = ''} = request;
    readBody(request, (body) => {
      count += 1;
      const path = url.startsWith(base) ? url.slice(base.length) : url;
      const {authorization} = request.headers;
      const entry = {atMs: Date.now(), method, path, authorization, body, status: 0, answered: false};
      if (options.record !== false) requests.push(entry);
      if (latencyMs === 0) answer(entry, request, response);
      else setTimeout(answer, latencyMs, entry, request, response);
    });
  });
  server.keepAliveTimeout = 0;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${base}`,
    requests,
    count: () => count,
    users: users.all,
    groups: groups.all,
    setLatency: (value) => (latencyMs = value),
    hook: (hook) => {
      hooks.add(hook);
      return () => hooks.delete(hook);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
