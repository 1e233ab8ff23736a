import type {ConnectorContext, SendRequest} from '../../src/core/connector.ts';
import type {Result} from '../../src/core/failure.ts';
import type {CallOptions, TargetPort} from '../../src/core/port.ts';
import type {Remote} from '../../src/core/resource.ts';
import {createSender} from '../../src/http.ts';
import {scriptedSender, silent, type Script, type Scripted} from './scripted.ts';

export const options: CallOptions = {signal: new AbortController().signal};

/** What a call gave; a failure ends the test with all that it says. */
export function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.failure));
  return result.value;
}

/** A resource that has to be there, and new. */
export function made(created: Remote | 'exists' | undefined): Remote {
  if (created === undefined || created === 'exists') throw new Error('expected a resource');
  return created;
}

export interface Configured {
  port: TargetPort;
  /** Replaces settings, as a changed secret file does. */
  configure: (settings: object) => void;
}

type Makes<Config> = {create(context: ConnectorContext<Config>): TargetPort};

function configured<Config>(
  connector: Makes<Config>,
  parse: (settings: object) => Config,
  wire: {send: SendRequest; now: () => number},
): Configured {
  let config = parse({});
  const port = connector.create({target: 'test', config: () => config, log: silent, ...wire});
  return {port, configure: (settings) => (config = parse(settings))};
}

/** A connector whose service is a function of the request. */
export function scriptedPort<Config>(
  connector: Makes<Config>,
  parse: (settings: object) => Config,
  reply: Script,
): Configured & Omit<Scripted, 'send'> {
  const {send, requests, clock} = scriptedSender(reply);
  return {...configured(connector, parse, {send, now: () => clock.now}), requests, clock};
}

/** A connector that sends over HTTP, as to a double on this machine. `close` ends its connections alone. */
export function sendingPort<Config>(
  connector: Makes<Config>,
  parse: (settings: object) => Config,
  now: () => number,
): Configured & {close: () => Promise<void>} {
  const sender = createSender({
    target: 'test',
    connections: 2,
    deadlineMs: 5000,
    maxAnswerBytes: 1_000_000,
    now: Date.now,
  });
  return {...configured(connector, parse, {send: sender.send, now}), close: () => sender.close()};
}
