import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {closeSync, openSync} from 'node:fs';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import type {ControlCommand, ServerState} from './control.ts';
import type {Temper} from './store.ts';
import type {VendorKind, VendorState} from './vendors/vendor.ts';

/** A SCIM server in a process of its own. */
export interface ScimServer {
  /** Where SCIM begins: a target's `baseUrl`. */
  url: string;
  token: string;
  pid: number;
  control(command: ControlCommand): Promise<void>;
  state(): Promise<ServerState>;
  stop(): Promise<void>;
}

/**
 * Starts one and waits until it listens. What goes wrong in it is written at this process's standard error, or to a file: a double
 * that outlives this process must not keep that open, for who reads it would wait for its end.
 */
export async function startScimServer(
  temper: Temper,
  token: string,
  errorFile?: string,
): Promise<ScimServer> {
  const args = ['--temper', temper, '--token', token, '--port', '0'];
  const {pid, said, stop} = await startDouble('./scim-server.ts', args, errorFile);
  const {url} = said as {url: string};
  const at = (path: string): URL => new URL(path, url);
  return {
    url,
    token,
    pid,
    async control(command) {
      const body = JSON.stringify(command);
      const headers = {'content-type': 'application/json'};
      const answer = await fetch(at('/_control'), {method: 'POST', body, headers});
      if (!answer.ok) throw new Error(`the SCIM server refuses the command: ${answer.status}`);
    },
    state: async () => (await (await fetch(at('/_state'))).json()) as ServerState,
    stop,
  };
}

/** A vendor's double in a process of its own. */
export interface VendorServer {
  kind: VendorKind;
  url: string;
  pid: number;
  /** The target's `config` that leads there. Where a credential is needed, `credential` stands in it as it was given. */
  settings(credential: string): object;
  state(): Promise<VendorState>;
  delay(ms: number): Promise<void>;
  use(subject: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a vendor's double, which takes this credential, and waits until it listens. */
export async function startVendor(
  kind: VendorKind,
  credential: string,
  errorFile?: string,
): Promise<VendorServer> {
  const args = ['--kind', kind, '--credential', credential, '--port', '0'];
  const {pid, said, stop} = await startDouble('./vendor-server.ts', args, errorFile);
  const {url, controlUrl, settings, credentialAt} = said as {
    url: string;
    controlUrl: string;
    settings: object;
    credentialAt?: string;
  };
  const post = async (path: string): Promise<void> => {
    const answer = await fetch(new URL(path, controlUrl), {method: 'POST'});
    if (!answer.ok) throw new Error(`the double refuses ${path}: ${answer.status}`);
  };
  return {
    kind,
    url,
    pid,
    settings: (given) => (credentialAt === undefined ? settings : withValue(settings, credentialAt, given)),
    state: async () => (await (await fetch(new URL('/state', controlUrl))).json()) as VendorState,
    delay: (ms) => post(`/delay?ms=${ms}`),
    use: (subject) => post(`/use?subject=${encodeURIComponent(subject)}`),
    stop,
  };
}

/** A copy with `value` at a path of names: `auth.token`. */
function withValue(settings: object, path: string, value: string): object {
  const [name = '', ...rest] = path.split('.');
  const inner = (settings as Record<string, object>)[name] ?? {};
  return {...settings, [name]: rest.length === 0 ? value : withValue(inner, rest.join('.'), value)};
}

/** A process that says one line of JSON when it is ready, and ends at SIGTERM. */
async function startDouble(
  script: string,
  args: readonly string[],
  errorFile: string | undefined,
): Promise<{pid: number; said: unknown; stop: () => Promise<void>}> {
  const errors = errorFile === undefined ? 'inherit' : openSync(errorFile, 'a');
  const child = spawn(process.execPath, [fileURLToPath(new URL(script, import.meta.url)), ...args], {
    stdio: ['ignore', 'pipe', errors],
  });
  if (errors !== 'inherit') closeSync(errors);
  const gone = once(child, 'exit');
  if (!child.stdout) throw new Error(`${script} has no output`);
  const lines = createInterface(child.stdout);
  const line = await Promise.race([once(lines, 'line'), gone.then(() => undefined)]);
  lines.close();
  if (!line || child.pid === undefined) throw new Error(`${script} did not start`);
  return {
    pid: child.pid,
    said: JSON.parse(String(line[0])),
    async stop() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}
