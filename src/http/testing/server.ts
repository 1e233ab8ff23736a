import {afterEach} from '@jest/globals';
import {createServer, type RequestListener} from 'node:http';
import type {AddressInfo} from 'node:net';
import type {HttpRequest} from '../../core/connector.ts';
import type {Failure} from '../../core/failure.ts';
import {createSender, type Sender, type SenderSettings} from '../../http.ts';

const closers: (() => Promise<void>)[] = [];

/** Closes, after each test, what `serve` and `sender` opened, the newest first. */
export function closeAfterEach(): void {
  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });
}

/** A server on loopback; the address of its `/scim/Users`. */
export async function serve(listener: RequestListener): Promise<URL> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/scim/Users`);
}

/** The moment that every sender of these tests takes for now. */
export const now = Date.parse('2026-01-01T00:00:00Z');

export function sender(settings: Partial<SenderSettings> = {}): Sender {
  const made = createSender({
    target: 'wiki',
    connections: 2,
    deadlineMs: 5000,
    maxAnswerBytes: 1000,
    now: () => now,
    ...settings,
  });
  closers.push(() => made.close());
  return made;
}

export const request = (url: URL, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url,
  operation: 'read',
  signal: new AbortController().signal,
  ...more,
});

export const post = {method: 'POST', body: '{"userName":"ada"}'} as const;

export async function failureOf(made: Sender, asked: HttpRequest): Promise<Failure> {
  const result = await made.send(asked);
  if (result.ok) throw new Error(`expected a failure, got ${result.value.status}`);
  return result.failure;
}
