import {join} from 'node:path';
import {daemon} from './daemon.ts';
import {motoPackages} from './downloads.ts';
import {openFolder} from './folder.ts';
import {freePort} from './ports.ts';

/** moto's server, which speaks AWS's own wire format, in a process of this machine; gone when it is closed. */
export async function startMoto(
  log: (line: string) => void,
): Promise<{url: string; close: () => Promise<void>}> {
  const steps: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of steps.reverse()) await step();
  };
  const packages = await motoPackages(log);
  const folder = await openFolder('avro-scim-moto-', (step) => void steps.push(step));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = daemon({
    name: 'moto',
    command: 'python3',
    args: ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)],
    env: {PYTHONPATH: packages},
    logFile: join(folder, 'moto.log'),
    ready: () =>
      fetch(`${url}/moto-api/`).then(
        ({ok}) => ok,
        () => false,
      ),
  });
  try {
    await server.start();
  } catch (error) {
    await close();
    throw error;
  }
  steps.push(() => server.stop());
  return {url, close};
}
