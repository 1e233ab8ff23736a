import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {createInterface} from 'node:readline';
import type {ControlCommand, ServerState} from './control.ts';
import type {Temper} from './store.ts';

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

/** Starts one and waits until it listens. */
export async function startScimServer(temper: Temper, token: string, port = 0): Promise<ScimServer> {
  const script = new URL('./scim-server.ts', import.meta.url).pathname;
  const child = spawn(
    process.execPath,
    [script, '--temper', temper, '--token', token, '--port', String(port)],
    {stdio: ['ignore', 'pipe', 'inherit']},
  );
  const gone = once(child, 'exit');
  const lines = createInterface(child.stdout);
  const line = await Promise.race([once(lines, 'line'), gone.then(() => undefined)]);
  lines.close();
  if (!line || child.pid === undefined) throw new Error('the SCIM server did not start');
  const {url} = JSON.parse(String(line[0])) as {url: string};
  const at = (path: string): URL => new URL(path, url);
  return {
    url,
    token,
    pid: child.pid,
    async control(command) {
      const body = JSON.stringify(command);
      const headers = {'content-type': 'application/json'};
      const answer = await fetch(at('/_control'), {method: 'POST', body, headers});
      if (!answer.ok) throw new Error(`the SCIM server refuses the command: ${answer.status}`);
    },
    state: async () => (await (await fetch(at('/_state'))).json()) as ServerState,
    async stop() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}
