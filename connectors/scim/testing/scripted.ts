import type {ConnectorContext, HttpRequest} from '../../../src/core/connector.ts';
import {scriptedSender, silent, type Script} from '../../testing/scripted.ts';
import {configSchema, type ScimConfig} from '../manifest.ts';

export interface Scripted {
  context: ConnectorContext<ScimConfig>;
  requests: HttpRequest[];
  /** Milliseconds that the connector takes for now. */
  clock: {now: number};
  /** Replaces the config, as a changed secret file does. */
  configure(config: object): void;
}

/** A connector's context whose service is a function of the request. */
export function scripted(config: object, reply: Script): Scripted {
  const parse = (given: object): ScimConfig =>
    configSchema.parse({baseUrl: 'https://wiki.example/scim/v2', ...given});
  let current = parse(config);
  const {send, requests, clock} = scriptedSender(reply);
  return {
    context: {target: 'wiki', config: () => current, send, log: silent, now: () => clock.now},
    requests,
    clock,
    configure: (next) => (current = parse(next)),
  };
}

export const options = {signal: new AbortController().signal};
