import {fork} from 'node:child_process';
import {once} from 'node:events';
import {createServer} from 'node:http';
import type {AddressInfo} from 'node:net';
import {fileURLToPath} from 'node:url';
import {dropCharge, takeCharge} from '../scripts/services/charges.ts';

/** A request as the target got it, for bare undici to send again. */
export interface Kept {
  method: string;
  path: string;
  body: string;
}

export interface FastTarget {
  url: string;
  /** How many requests about somebody came since the last call, and the first ones of them. */
  take(): Promise<{count: number; kept: Kept[]}>;
  close(): Promise<void>;
}

/** What a body must hold for the target to answer 500. */
export const refusedMark = 'refused-';
const keptMost = 20_000;

/**
 * A target that answers at once, in a process of its own, on Node's own HTTP server: what a quick service looks like. A
 * create is answered with the id alone (the connector asks for no more), an update with 204.
 */
export async function startFastTarget(): Promise<FastTarget> {
  const child = fork(fileURLToPath(import.meta.url), {
    serialization: 'advanced',
    stdio: 'inherit',
    execArgv: [],
  });
  const charge = {kind: 'process', pid: child.pid ?? 0} as const;
  takeCharge(charge);
  const exit = once(child, 'exit');
  const ask = async (order: 'start' | 'take'): Promise<unknown> => {
    const reply = once(child, 'message') as Promise<[unknown]>;
    child.send(order);
    const gone = exit.then(() => Promise.reject(new Error('the target has ended')));
    const [message] = await Promise.race([reply, gone]);
    return message;
  };
  const url = (await ask('start')) as string;
  return {
    url,
    take: async () => (await ask('take')) as Awaited<ReturnType<FastTarget['take']>>,
    close: async () => {
      if (child.connected) child.disconnect();
      await exit;
      dropCharge(charge);
    },
  };
}

const config = JSON.stringify({patch: {supported: true}, filter: {supported: true, maxResults: 200}});

const nobody = JSON.stringify({totalResults: 0, Resources: []});

/** What the program asks once at its start, of nobody: whether the service answers, and takes the credential. */
const isCheck = (method: string, path: string): boolean =>
  method === 'GET' && /\/ServiceProviderConfig$|\?count=1$/.test(path);

interface Answer {
  status: number;
  body?: string;
}

class Server {
  count = 0;
  kept: Kept[] = [];
  #ids = 0;

  answer(method: string, path: string, body: string): Answer {
    if (!isCheck(method, path)) this.count += 1;
    if (body.includes(refusedMark)) return {status: 500, body: '{}'};
    if (method === 'GET') return {status: 200, body: path.includes('?') ? nobody : config};
    if (this.kept.length < keptMost) this.kept.push({method, path, body});
    if (method !== 'POST') return {status: 204};
    this.#ids += 1;
    const id = `00000000-0000-4000-8000-${String(this.#ids).padStart(12, '0')}`;
    return {status: 201, body: JSON.stringify({id})};
  }
}

/** The child's side: ends when the parent has gone or has let go of it. */
function serve(reply: (message: unknown) => void): void {
  const server = new Server();
  const listener = createServer({noDelay: true}, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const {method = '', url = ''} = request;
      const {status, body} = server.answer(method, url, Buffer.concat(chunks).toString());
      response.writeHead(status, body === undefined ? {} : {'content-type': 'application/scim+json'});
      response.end(body);
    });
  });
  process.on('message', (order) => {
    if (order === 'start')
      listener.listen(0, '127.0.0.1', () =>
        reply(`http://127.0.0.1:${(listener.address() as AddressInfo).port}/scim/v2`),
      );
    if (order === 'take') {
      const {count, kept} = server;
      server.count = 0;
      server.kept = [];
      reply({count, kept});
    }
  });
  process.once('disconnect', () => process.exit(0));
}

if (import.meta.main && process.send !== undefined) serve((message) => process.send?.(message));
