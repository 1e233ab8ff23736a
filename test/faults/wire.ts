import {connect, createServer, type AddressInfo, type Socket} from 'node:net';

/** A line to a service that can be cut and joined again; its address stays. */
export interface Wire {
  /** The service's address, by way of this line. */
  url: string;
  cut(): void;
  join(): void;
  close(): Promise<void>;
}

/** Opens a line to the http service at `to`. */
export async function openWire(to: string): Promise<Wire> {
  const {hostname, port, pathname} = new URL(to);
  const sockets = new Set<Socket>();
  let whole = true;
  const server = createServer((near) => {
    if (!whole) {
      near.resetAndDestroy();
      return;
    }
    const far = connect(Number(port), hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cutAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${pathname}`,
    cut() {
      whole = false;
      cutAll();
    },
    join: () => (whole = true),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        cutAll();
      }),
  };
}
