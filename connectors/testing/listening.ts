import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import {once} from 'node:events';
import type {AddressInfo} from 'node:net';

export interface Listening {
  /** Without a slash at its end. */
  url: string;
  close: () => Promise<void>;
}

/** A server on this machine alone, which is handed every request with its body as text. Port 0: any that is free. */
export async function listen(
  serve: (request: IncomingMessage, response: ServerResponse, text: string) => void | Promise<void>,
  port = 0,
): Promise<Listening> {
  const server = createServer((request, response) => {
    void read(request).then((text) => serve(request, response, text));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function read(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  return text;
}
