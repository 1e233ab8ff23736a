import {fork} from 'node:child_process';
import {once} from 'node:events';
import {fileURLToPath} from 'node:url';
import {startRecordingTarget, type RecordedRequest, type TargetOptions} from './recording-target.ts';
import {drawFaults, type FaultShare} from './target/faults.ts';
import type {Resource} from './target/store.ts';

/** Everything that a target knows, copied. */
export interface Snapshot {
  count: number;
  requests: RecordedRequest[];
  users: Resource[];
  groups: Resource[];
}

type Order =
  | {kind: 'start'; options: TargetOptions}
  | {kind: 'behave'; latencyMs: number; seed: number; faults: readonly FaultShare[]}
  | {kind: 'snapshot'};

export interface TargetProcess {
  url: string;
  /** From now on: each answer's latency, and the faults drawn with `seed`. */
  behave(manner: {latencyMs?: number; seed?: number; faults?: readonly FaultShare[]}): Promise<void>;
  snapshot(): Promise<Snapshot>;
  close(): Promise<void>;
}

/** The recording target in a process of its own, so that it takes no time from the one measured. One order at a time. */
export async function startTargetProcess(options: TargetOptions = {}): Promise<TargetProcess> {
  const child = fork(fileURLToPath(import.meta.url), {
    serialization: 'advanced',
    stdio: 'inherit',
    execArgv: [],
  });
  const exit = once(child, 'exit');
  const ask = async (order: Order): Promise<unknown> => {
    const reply = once(child, 'message') as Promise<[unknown]>;
    child.send(order);
    const [message] = await Promise.race([
      reply,
      exit.then(() => Promise.reject(new Error('the target has ended'))),
    ]);
    return message;
  };
  const url = (await ask({kind: 'start', options})) as string;
  return {
    url,
    behave: async ({latencyMs = 0, seed = 1, faults = []}) => {
      await ask({kind: 'behave', latencyMs, seed, faults});
    },
    snapshot: async () => (await ask({kind: 'snapshot'})) as Snapshot,
    close: async () => {
      child.disconnect();
      await exit;
    },
  };
}

/** The child's side: ends when the parent has gone or has let go of it. */
async function serve(reply: (message: unknown) => void): Promise<void> {
  const orders = (message: unknown): Order => message as Order;
  const first = await new Promise((resolve) => process.once('message', resolve));
  const start = orders(first);
  const target = await startRecordingTarget(start.kind === 'start' ? start.options : {});
  let forget = (): unknown => undefined;
  process.on('message', (message) => {
    const order = orders(message);
    if (order.kind === 'behave') {
      forget();
      target.setLatency(order.latencyMs);
      forget = target.hook(drawFaults(order.seed, order.faults));
      reply('done');
    }
    if (order.kind === 'snapshot') {
      const {requests, users, groups} = target;
      reply({count: target.count(), requests, users: [...users.values()], groups: [...groups.values()]});
    }
  });
  process.once('disconnect', () => {
    process.exit(0);
  });
  reply(target.url);
}

if (import.meta.main && process.send !== undefined) await serve((message) => process.send?.(message));
