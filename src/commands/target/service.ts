import type {Config} from '../../config/schema.ts';

/** A target as a running service has it. */
export interface Gated {
  gate: string;
  detail?: string;
}

type Address = Pick<Config['admin'], 'host' | 'port'>;

const patienceMs = 2000;

/** The gates of the service at the config's admin address; `undefined` where none answers there. */
export async function readGates({host, port}: Address): Promise<Map<string, Gated> | undefined> {
  try {
    const answer = await fetch(`${serviceAddress({host, port})}/readyz`, {
      signal: AbortSignal.timeout(patienceMs),
    });
    const {targets} = (await answer.json()) as {targets?: Record<string, Gated>};
    return targets && new Map(Object.entries(targets));
  } catch {
    return undefined;
  }
}

/** Where a command on the same machine finds it: what listens everywhere listens on loopback too. */
export function serviceAddress({host, port}: Address): string {
  const local = {'0.0.0.0': '127.0.0.1', '::': '::1'}[host] ?? host;
  return `http://${local.includes(':') ? `[${local}]` : local}:${port}`;
}
