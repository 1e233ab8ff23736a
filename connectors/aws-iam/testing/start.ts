import type {IncomingMessage, ServerResponse} from 'node:http';
import {setTimeout as delay} from 'node:timers/promises';
import {listen} from '../../testing/listening.ts';
import {done, refuse, type Reply} from './answers.ts';
import {groupAction} from './groups.ts';
import {policyAction} from './policies.ts';
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
  /** Told of each action before it is answered. */
  onAsked: ((action: string) => void) | undefined;
  /** An answer waits for what this gives. */
  beforeAnswer: ((action: string) => Promise<void> | undefined) | undefined;
  now: () => number;
  /** How long each answer takes, in ms. */
  delayMs: number;
  close(): Promise<void>;
}

/** An account that keeps to IAM's documented rules, over the Query protocol. */
export async function startIam(accessKey: string, given: Partial<Store> = {}, port = 0): Promise<IamDouble> {
  const {url, close} = await listen(
    (request, response, text) => serve(double, request, response, text),
    port,
  );
  const double: IamDouble = {
    url,
    store: {
      users: new Map(),
      groups: new Map(),
      policies: new Map(),
      devices: new Set(),
      requests: 0,
      lag: 0,
      pageSize: 1000,
      behind: new Set(),
      groupsPerUser: 10,
      inlinePerUser: 2048,
      attachedPerUser: 10,
      ...given,
    },
    accessKeys: [accessKey],
    denied: new Set(),
    asked: [],
    limit: 100_000,
    onAsked: undefined,
    beforeAnswer: undefined,
    now: Date.now,
    delayMs: 0,
    close,
  };
  return double;
}

async function serve(
  double: IamDouble,
  request: IncomingMessage,
  response: ServerResponse,
  text: string,
): Promise<void> {
  if (double.delayMs > 0) await delay(double.delayMs);
  const params = new URLSearchParams(text);
  const action = params.get('Action') ?? '';
  const reply = answer(double, request, action, params);
  await double.beforeAnswer?.(action);
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
  double.onAsked?.(action);
  store.requests += 1;
  if (asked.length > double.limit) return refuse(400, 'Throttling', 'Rate exceeded');
  const [, key, service] =
    /^AWS4-HMAC-SHA256 Credential=(\w+)\/\d{8}\/[\w-]+\/(iam|sts)\/aws4_request,/.exec(
      request.headers.authorization ?? '',
    ) ?? [];
  if (key === undefined)
    return refuse(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token');
  if (!accessKeys.includes(key))
    return refuse(403, 'InvalidClientTokenId', 'The security token included in the request is invalid.');
  if (denied.has(action))
    return refuse(403, 'AccessDenied', `User is not authorized to perform: iam:${action}`);
  if (service === 'sts') return assumeRole(double, action, params);
  if (action === 'SimulatePrincipalPolicy') return simulate(double, params);
  const isVersion = params.get('Version') === '2010-05-08' && request.method === 'POST';
  const reply = isVersion
    ? (policyAction(store, action, params) ??
      userAction(store, action, params) ??
      groupAction(store, action, params))
    : undefined;
  return reply ?? refuse(400, 'InvalidAction', `Could not find operation ${action}`);
}

/** STS at the same address. A session's key may ask from then on. */
function assumeRole({accessKeys}: IamDouble, action: string, params: URLSearchParams): Reply {
  if (action !== 'AssumeRole' || params.get('Version') !== '2011-06-15')
    return refuse(400, 'InvalidAction', `Could not find operation ${action}`);
  const AccessKeyId = `ASIA${accessKeys.length}`;
  accessKeys.push(AccessKeyId);
  const Expiration = new Date(Date.now() + 3_600_000).toISOString();
  return done({
    Credentials: {AccessKeyId, SecretAccessKey: 'of-a-session', SessionToken: 'of-a-session', Expiration},
  });
}

/** Judges as the double itself would; the principal is whoever is named. */
function simulate({denied}: IamDouble, params: URLSearchParams): Reply {
  const rows: {EvalActionName: string; EvalDecision: string}[] = [];
  for (let i = 1; params.has(`ActionNames.member.${i}`); i++) {
    const EvalActionName = params.get(`ActionNames.member.${i}`) ?? '';
    const isDenied = denied.has(EvalActionName.replace(/^iam:/, ''));
    rows.push({EvalActionName, EvalDecision: isDenied ? 'implicitDeny' : 'allowed'});
  }
  return done({EvaluationResults: rows, IsTruncated: false});
}
