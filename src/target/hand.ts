import type {TargetConfig} from '../config/schema.ts';
import type {Connector} from '../core/connector.ts';
import {Gate} from '../core/gate.ts';
import {Window} from '../core/window.ts';
import type {Log} from '../log.ts';
import {Dispatcher} from '../stages/dispatch/index.ts';
import {createPort, createStages, dispatchContext, leaseMs, watchLeases, type Dispatching} from './parts.ts';

/** The dispatcher of one target, for lanes alone: it reads no topic, and no timer wakes it. */
export interface LaneWorker {
  /** Tries the head of a lane once; resolves when it was turned, or can not be tried now. */
  work(subject: string): Promise<void>;
  /** Ends what is in flight; from then on it does nothing. */
  stop(): Promise<void>;
}

/** The same path as the service's: claim, lease, attempt, audit, settle; the service and this one exclude each other. */
export function createLaneWorker(
  shared: Dispatching,
  connector: Connector,
  target: TargetConfig,
  log: Log,
): LaneWorker {
  const abort = new AbortController();
  const gate = new Gate(target.gate, Date.now);
  const window = new Window({...target.window, coalesce: target.coalesce});
  const leases = watchLeases(target, abort.signal);
  const {sender, port} = createPort(shared, connector, {current: target}, log, leases);
  const stages = createStages(shared, target, log);
  const settled = (): void => undefined;
  const wasSettled = (): boolean => false;
  const own = {gate, window, port, leases, log, abort, settled, wasSettled};
  const dispatcher = new Dispatcher(dispatchContext(shared, connector, target, {...stages, ...own}));
  const renewing = setInterval(() => void dispatcher.renew().catch(settled), leaseMs(target) / 3);
  return {
    work: (subject) => dispatcher.workLane(subject),
    async stop() {
      clearInterval(renewing);
      abort.abort();
      await dispatcher.drain();
      await Promise.allSettled([stages.lanes.stop(), sender.close()]);
    },
  };
}
