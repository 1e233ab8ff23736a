import {setTimeout as delay} from 'node:timers/promises';
import {createMetrics} from '../../admin/metrics.ts';
import type {LoadedConfig} from '../../config/load.ts';
import {failed} from '../../core/failure.ts';
import {handId, type HandEnd} from '../../core/hand.ts';
import {createLog, createRedactor, type Redactor} from '../../log.ts';
import {readSubject} from '../../stages/state/subject.ts';
import {createLaneWorker} from '../../target/hand.ts';
import {leaseMs} from '../../target/parts.ts';
import type {CommandContext} from '../command.ts';
import {connectorOf} from '../connector-of.ts';
import {pointedElsewhere} from '../tenants.ts';
import {isLost, type Stored} from '../stored/open.ts';

const lookAgainMs = 250;
/** Whoever ends it says how, and then takes it out of the lane: it was taken out before anybody began. */
const lifted: HandEnd = {at: 0, complete: false, reason: 'it was lifted meanwhile'};

/**
 * Carries out a marked cut-off in this process, or waits while a service does. Resolves to how it ended; `undefined` where
 * nobody has come to an end yet: then it goes on without us. An exception is this target's end alone. Rejects when Redis is gone.
 */
export async function carryOut(
  context: CommandContext,
  stored: Stored,
  loaded: LoadedConfig,
  subject: string,
): Promise<HandEnd | undefined> {
  try {
    return await work(context, stored, loaded, subject);
  } catch (error) {
    if (isLost(stored.redis, error)) throw error;
    const text = `unexpected exception: ${error instanceof Error ? error.message : String(error)}`;
    const message = redactorOf(loaded).text(text);
    return {at: Date.now(), complete: false, failure: {kind: 'bug', cause: 'exception', message}};
  }
}

function redactorOf({secrets}: LoadedConfig): Redactor {
  const redactor = createRedactor();
  redactor.learn(secrets);
  return redactor;
}

async function work(
  context: CommandContext,
  stored: Stored,
  loaded: LoadedConfig,
  subject: string,
): Promise<HandEnd | undefined> {
  const target = loaded.config.targets[stored.target];
  const asked = {redis: stored.redis, loaded, readsOnly: true};
  const message = (await pointedElsewhere(asked, [stored.target])).get(stored.target);
  if (message !== undefined)
    return {
      at: Date.now(),
      complete: false,
      failure: {kind: 'conflict', cause: 'another tenant', message},
    };
  const worker = openWorker(context, stored, loaded);
  const lost = lossOf(stored.redis);
  // Longer than whoever died in the middle keeps the lease.
  const until = Date.now() + (target ? 2 * leaseMs(target) : 0);
  try {
    for (;;) {
      await Promise.race([worker.work(subject), stopped(context.signal), lost]);
      const end = await stored.hands.end(subject);
      if (end !== undefined || context.signal.aborted || Date.now() > until) return end;
      const {lane} = await readSubject(stored, subject);
      if (!lane.some(({id}) => id === handId(subject))) return (await stored.hands.end(subject)) ?? lifted;
      await delay(lookAgainMs, undefined, {signal: context.signal}).catch(() => undefined);
    }
  } finally {
    await worker.stop();
  }
}

/** It decodes nothing: what the lane holds beside cut-offs by hand is the service's. */
const decoder = {
  decode: () =>
    failed({kind: 'unavailable', message: 'an event is left to the service', cause: 'left to the service'}),
};

function openWorker({complain}: CommandContext, {target, redis, audit}: Stored, loaded: LoadedConfig) {
  const {config} = loaded;
  const settings = config.targets[target];
  if (!settings) throw new Error(`target ${target} is not in the config`);
  const log = createLog({
    level: 'error',
    redactor: redactorOf(loaded),
    destination: {write: (line) => complain(line.trimEnd())},
  });
  const metrics = createMetrics({
    shared: () => Promise.resolve([]),
    own: () => ({targets: [], dependencies: {}}),
  });
  const connector = connectorOf(settings, loaded);
  return createLaneWorker({config, redis, decoder, audit, metrics, log}, connector, settings, log);
}

/** Rejects when Redis is gone for good: the work would wait for it for ever. */
function lossOf(redis: Stored['redis']): Promise<never> {
  const {promise, reject} = Promise.withResolvers<never>();
  redis.once('end', () => reject(new Error('the connection to Redis ended')));
  // Nobody listens any more when the connection is closed at the end.
  promise.catch(() => undefined);
  return promise;
}

function stopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), {once: true}));
}
