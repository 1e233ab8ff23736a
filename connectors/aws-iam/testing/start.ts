import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import type {AddressInfo} from 'node:net';
import {refuse, type Reply} from './answers.ts';
import {groupAction} from './groups.ts';
import type {Store} from './store.ts';
import {userAction} from './users.ts';
import {answerXml, errorXml} from './xml.ts';

export interface IamDouble {
  url: string;
  store: Store;
  /** Ids of access keys that may ask; their signatures are not looked at. */
  accessKeys: string[];
  /** Actions that the credential may not do. */
  denied: Set<string>;
  /** `CreateUser`, `GetUser`, …: what was asked, in order. */
  asked: string[];
  /** Requests that are answered from now on; then IAM's throttling, a 400. */
  limit: number;
  now: () => number;
  close(): Promise<void>;
}

/** An account that keeps to IAM's documented rules, over the Query protocol. */
export async function startIam(accessKey: string, given: Partial<Store> = {}, port = 0): Promise<IamDouble> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const double: IamDouble = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    store: {
      users: new Map(),
      groups: new Map(),
      devices: new Set(),
      requests: 0,
      lag: 0,
      pageSize: 1000,
      groupsPerUser: 10,
      ...given,
    },
    accessKeys: [accessKey],
    denied: new Set(),
    asked: [],
    limit: 100_000,
    now: Date.now,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    void serve(double, request, response);
  });
  return double;
}

async function serve(double: IamDouble, request: IncomingMessage, response: ServerResponse): Promise<void> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  const params = new URLSearchParams(text);
  const action = params.get('Action') ?? '';
  const reply = answer(double, request, action, params);
  const isRefused = 'code' in reply;
  response.writeHead(isRefused ? reply.status : 200, {
    'content-type': 'text/xml',
    'x-amzn-requestid': crypto.randomUUID(),
    date: new Date(double.now()).toUTCString(),
  });
  response.end(isRefused ? errorXml(reply.code, reply.message) : answerXml(action, reply.result));
}

function answer(double: IamDouble, request: IncomingMessage, action: string, params: URLSearchParams): Reply {
  const {store, asked, accessKeys, denied} = double;
  asked.push(action);
  store.requests += 1;
  if (asked.length > double.limit) return refuse(400, 'Throttling', 'Rate exceeded');
  const key = /^AWS4-HMAC-SHA256 Credential=(\w+)\/\d{8}\/[\w-]+\/iam\/aws4_request,/.exec(
    request.headers.authorization ?? '',
  )?.[1];
  if (key === undefined)
    return refuse(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token');
  if (!accessKeys.includes(key))
    return refuse(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.');
  if (denied.has(action))
    return refuse(403, 'AccessDenied', `User is not authorized to perform: iam:${action}`);
  const isVersion = params.get('Version') === '2010-05-08' && request.method === 'POST';
  const reply = isVersion
    ? (userAction(store, action, params) ?? groupAction(store, action, params))
    : undefined;
  return reply ?? refuse(400, 'InvalidAction', `Could not find operation ${action}`);
}
