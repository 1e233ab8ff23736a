import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import {daemon} from './daemon.ts';
import {registryJar} from './downloads.ts';
import {freePort} from './ports.ts';
import {requireJava} from './tools.ts';
import type {Prepared} from './types.ts';

/** The Confluent API of a registry at `origin`. */
export const confluentApi = (origin: string): string => `${origin}/apis/ccompat/v7`;

/** Whether the registry at `url` (its Confluent API) lists its subjects. */
export async function registryAnswers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/subjects`, {signal: AbortSignal.timeout(2000)});
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

/** Sets the level that Confluent's registry starts with; this one starts with none. */
export async function requireCompatibility(url: string): Promise<void> {
  const answer = await fetch(`${url}/config`, {
    method: 'PUT',
    headers: {'content-type': 'application/vnd.schemaregistry.v1+json'},
    body: JSON.stringify({compatibility: 'BACKWARD'}),
  });
  if (!answer.ok)
    throw new Error(`the registry refused its compatibility level: ${answer.status} ${await answer.text()}`);
}

/** A registry in a process of this machine, its schemas in a file of `folder`. Not yet started. */
export async function registryProcess(
  folder: string,
  log: (line: string) => void,
): Promise<Prepared<{url: string}>> {
  requireJava({maven: false});
  const jar = await registryJar(log);
  mkdirSync(folder, {recursive: true});
  const port = await freePort();
  const url = confluentApi(`http://127.0.0.1:${port}`);
  return {
    service: {url},
    daemon: daemon({
      name: 'registry',
      command: 'java',
      args: ['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-jar', jar],
      env: {
        QUARKUS_HTTP_HOST: '127.0.0.1',
        QUARKUS_HTTP_PORT: String(port),
        APICURIO_DATASOURCE_URL: `jdbc:h2:file:${join(folder, 'schemas')}`,
      },
      logFile: join(folder, 'registry.log'),
      ready: () => registryAnswers(url),
    }),
  };
}
