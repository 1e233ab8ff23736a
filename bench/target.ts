import {fork} from 'node:child_process';
import {once} from 'node:events';
import {createServer, type Socket} from 'node:net';
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
  /** How many requests came since the last call, and the first ones of them. */
  take(): Promise<{count: number; kept: Kept[]}>;
  close(): Promise<void>;
}

/** What a body must hold for the target to answer 500. */
export const refusedMark = 'refused-';
const keptMost = 20_000;

/**
 * A target that is no bottleneck, in a process of its own: it reads the head of a request with string searches and answers
 * at once. A create is answered with the id alone (the connector asks for no more), an update with 204.
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

const head = (status: string, length: number): string =>
  `HTTP/1.1 ${status}\r\ncontent-type: application/scim+json\r\ncontent-length: ${length}\r\n\r\n`;
const config = JSON.stringify({patch: {supported: true}, filter: {supported: true, maxResults: 200}});
const updated = 'HTTP/1.1 204 No Content\r\n\r\n';
const refused = head('500 Internal Server Error', 2) + '{}';

class Server {
  count = 0;
  kept: Kept[] = [];
  #ids = 0;

  answer(method: string, path: string, body: string): string {
    this.count += 1;
    if (body.includes(refusedMark)) return refused;
    if (method === 'GET') return head('200 OK', config.length) + config;
    if (this.kept.length < keptMost) this.kept.push({method, path, body});
    if (method !== 'POST') return updated;
    this.#ids += 1;
    const created = `{"id":"00000000-0000-4000-8000-${String(this.#ids).padStart(12, '0')}"}`;
    return head('201 Created', created.length) + created;
  }

  /** Answers every whole request in `text`; gives back what is left of it. */
  read(text: string, socket: Socket): string {
    let rest = text;
    for (let end = rest.indexOf('\r\n\r\n'); end >= 0; end = rest.indexOf('\r\n\r\n')) {
      const lines = rest.slice(0, end);
      const at = lines.search(/content-length: /i);
      const length = at < 0 ? 0 : parseInt(lines.slice(at + 'content-length: '.length), 10);
      if (rest.length < end + 4 + length) break;
      const [method = '', path = ''] = lines.slice(0, lines.indexOf('\r\n')).split(' ', 2);
      const body = Buffer.from(rest.slice(end + 4, end + 4 + length), 'latin1').toString();
      socket.write(this.answer(method, path, body));
      rest = rest.slice(end + 4 + length);
    }
    return rest;
  }
}

/** The child's side: ends when the parent has gone or has let go of it. */
function serve(reply: (message: unknown) => void): void {
  const server = new Server();
  const listener = createServer({noDelay: true}, (socket) => {
    let rest = '';
    // A byte a character: content-length counts bytes.
    socket.setEncoding('latin1');
    socket.on('data', (text) => (rest = server.read(rest + String(text), socket)));
    socket.on('error', () => socket.destroy());
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
