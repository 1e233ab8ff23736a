import {setTimeout as delay} from 'node:timers/promises';
import type {Cluster, Redis} from 'ioredis';
import {createMetrics} from '../admin/metrics.ts';
import type {Readiness} from '../admin/server.ts';
import {readBuild} from '../build.ts';
import type {LoadedConfig} from '../config/load.ts';
import {watchSecrets} from '../config/watch.ts';
import {createLog, createRedactor, type Log} from '../log.ts';
import type {AuditStage} from '../stages/audit/index.ts';
import {createRedis} from '../stages/redis.ts';
import {createKafka} from '../stages/source/client.ts';
import type {Traces} from '../stages/traces/index.ts';
import type {Shared} from '../target/parts.ts';
import {createTarget, type Target} from '../target.ts';
import {closeAudit, openAudit} from './audit/open.ts';
import type {Command, CommandContext, ExitCode} from './command.ts';
import {connectorOf, manifests} from './connector-of.ts';
import {openDecoder} from './decoder.ts';
import {aborted} from './run/aborted.ts';
import {openAdmin} from './run/admin.ts';
import {tendHeap} from './run/heap.ts';
import {targetOption} from './stored/open.ts';
import {listen} from './run/listen.ts';
import {objectionsTo} from './run/objections.ts';
import {openTargets, type Unserved} from './run/open-targets.ts';
import {createKafkaMirror, type Mirror} from './run/mirror.ts';
import {readinessOf} from './run/readiness.ts';
import {watchAnswers} from './run/redis-answers.ts';
import {openTraces} from './run/traces.ts';
import {targetNames} from './target-names.ts';
import {pointedElsewhere} from './tenants.ts';

/** `run`: the service, until SIGTERM. */
export const run: Command = {
  name: 'run',
  describe: 'the service: reads events and keeps every target true, until SIGTERM',
  options: [targetOption],
  async run(context) {
    const loaded = await context.load();
    if (loaded === undefined) return 2;
    const names = targetNames(context, loaded);
    if (names === undefined) return 2;
    const heap = tendHeap();
    const service = new Service(context, loaded, names);
    return service.run().finally(() => heap.stop());
  },
};

const redisRetryMs = 1000;
/** For the copies of dead letters that still wait at the end. */
const mirrorGraceMs = 1000;
/** For the spans that still wait at the end. */
const tracesGraceMs = 2000;
const notAsked = 'not asked yet';

class Service {
  readonly #context: CommandContext;
  #loaded: LoadedConfig;
  readonly #names: string[];
  readonly #log: Log;
  readonly #redactor = createRedactor();
  readonly #redis: Redis | Cluster;
  readonly #audit: AuditStage;
  readonly #targets: Target[] = [];
  readonly #unserved: Unserved[] = [];
  #elsewhere: ReadonlyMap<string, string> = new Map();
  #mirror: Mirror | undefined;
  #traces: Traces | undefined;
  #redisState: Readiness['dependencies'][string] = {up: false, detail: notAsked};

  constructor(context: CommandContext, loaded: LoadedConfig, names: string[]) {
    this.#context = context;
    this.#loaded = loaded;
    this.#names = names;
    this.#redactor.learn(loaded.secrets);
    this.#log = createLog({level: loaded.config.log.level, redactor: this.#redactor});
    const config = (): LoadedConfig['config'] => this.#loaded.config;
    this.#redis = createRedis(() => config().redis, {maxRetriesPerRequest: null});
    this.#audit = openAudit({config, redis: this.#redis, log: this.#log});
  }

  async run(): Promise<ExitCode> {
    const {config} = this.#loaded;
    const log = this.#log;
    const build = readBuild();
    const metrics = createMetrics({
      shared: () => Promise.all(this.#targets.map((target) => target.figures())),
      own: () => ({
        targets: this.#targets.map((target) => target.ownFigures()),
        dependencies: this.#readiness().dependencies,
      }),
      build,
    });
    const admin = openAdmin({
      ...{log, audit: this.#audit},
      loaded: () => this.#loaded,
      targets: () => this.#targets,
      readiness: () => this.#readiness(),
      metrics: () => metrics.text(),
    });
    const refusal = await listen(admin, this.#context.configPath, config.admin);
    if (refusal !== undefined) {
      this.#context.complain(`run: ${refusal}`);
      await admin.close();
      return 1;
    }
    log.info({address: admin.address(), targets: this.#names, ...build}, 'avro-scim starts');
    const redis = this.#redis;
    redis.on('error', (error: Error) => this.#redisDown(error.message));
    redis.on('ready', () => this.#redisUp());
    const refused = await this.#awaitRedis(redis);
    let exitCode: ExitCode = 0;
    if (refused === undefined) exitCode = await this.#serve(redis, metrics);
    else if (!this.#context.signal.aborted) exitCode = 1;
    await admin.close();
    await closeAudit(this.#audit, log);
    redis.disconnect();
    log.info({exitCode}, 'avro-scim ends');
    return exitCode;
  }

  async #serve(redis: Redis | Cluster, metrics: Shared['metrics']): Promise<ExitCode> {
    const {config} = this.#loaded;
    this.#traces = await openTraces(() => this.#loaded.config.traces, this.#log);
    const shared = this.#shared(redis, metrics);
    const {targets, unserved} = openTargets(this.#names, (name) => this.#open(shared, name), this.#log);
    for (const {name, reason} of unserved) {
      this.#unserved.push({name, reason: this.#redactor.text(reason)});
      metrics.gate(name, 'shut');
    }
    if (targets.length === 0) return 2;
    this.#targets.push(...targets);
    const watch = this.#watch();
    const [onAway, onBack] = [(detail: string) => this.#redisDown(detail), () => this.#redisUp()];
    const answers = watchAnswers(redis, {onAway, onBack});
    const stopped = aborted(this.#context.signal);
    // A start waits for Redis, for as long as it takes: a stop must not wait for that.
    await Promise.race([Promise.all(this.#targets.map((target) => start(target))), stopped]);
    await stopped;
    this.#log.info({graceMs: config.shutdown.graceMs}, 'stopping: what is in flight is finished or parked');
    for (const one of [watch, answers]) one.stop();
    await Promise.all(this.#targets.map(({pipeline}) => pipeline.stop(config.shutdown.graceMs)));
    await Promise.all(this.#targets.map((target) => target.close()));
    await Promise.all([this.#mirror?.close(mirrorGraceMs), this.#traces?.close(tracesGraceMs)]);
    return 0;
  }

  #open(shared: Shared, name: string): Target {
    const target = this.#loaded.config.targets[name];
    if (!target) throw new Error(`there is no target ${name}: the names were checked`);
    const elsewhere = this.#elsewhere.get(name);
    if (elsewhere !== undefined) throw new Error(elsewhere);
    return createTarget(shared, connectorOf(target, this.#loaded), target);
  }

  #shared(redis: Redis | Cluster, metrics: Shared['metrics']): Shared {
    const {config} = this.#loaded;
    const log = this.#log;
    const kafka = createKafka(() => this.#loaded.config.kafka, {log});
    if (config.deadLetters.mirror) this.#mirror = createKafkaMirror(kafka, log);
    return {
      config,
      redis,
      metrics,
      log,
      kafka,
      ...(this.#mirror ? {mirror: this.#mirror.add} : {}),
      ...(this.#traces ? {traces: this.#traces} : {}),
      decoder: openDecoder(() => this.#loaded, {
        onUnmapped: (topic, name) =>
          log.warn(
            {topic, schema: name},
            'records of a schema that no mapping of `events` names are skipped',
          ),
        onNewKind: (topic) => log.warn({topic}, 'events of a kind newer than this program are skipped'),
      }),
      audit: this.#audit,
    };
  }

  /** Waits until Redis answers; then its objections, when there are any: it is not used like this. */
  async #awaitRedis(redis: Redis | Cluster): Promise<string[] | undefined> {
    const {signal} = this.#context;
    while (!signal.aborted) {
      try {
        if (redis.status === 'wait') await redis.connect();
        // Redis may never answer: then a stop must still end this.
        const asked = objectionsTo(redis, this.#loaded.config, this.#names, {signal, log: this.#log});
        const objections = await Promise.race([asked, aborted(signal).then(() => [])]);
        for (const objection of objections) this.#log.error({objection}, 'Redis refused');
        if (objections.length > 0) return objections;
        const seen = pointedElsewhere({redis, loaded: this.#loaded}, this.#names);
        this.#elsewhere = await Promise.race([seen, aborted(signal).then(() => this.#elsewhere)]);
        return undefined;
      } catch (error) {
        this.#redisDown(error instanceof Error ? error.message : String(error));
        await delay(redisRetryMs, undefined, {signal}).catch(() => undefined);
      }
    }
    return [];
  }

  /** Said once a change of state. */
  #redisDown(detail: string): void {
    if (this.#redisState.up || this.#redisState.detail === notAsked)
      this.#log.error({reason: detail}, 'Redis does not answer: waiting, and committing nothing');
    this.#redisState = {up: false, detail};
  }

  #redisUp(): void {
    if (this.#redisState.up) return;
    this.#redisState = {up: true};
    this.#log.info({}, 'Redis answers');
  }

  #watch(): {stop: () => void} {
    const {configPath, env} = this.#context;
    return watchSecrets({
      load: {path: configPath, env, manifests, own: this.#loaded.own},
      loaded: this.#loaded,
      onChange: (loaded) => {
        this.#redactor.learn(loaded.secrets);
        this.#loaded = loaded;
        this.#log.info({}, 'a secret file changed: read again');
        for (const target of this.#targets) {
          const config = loaded.config.targets[target.name];
          if (config) target.reconfigure(config);
        }
      },
      onRefused: ({problems}) =>
        this.#log.error({problems}, 'a secret file changed and the config is wrong now: the old one holds'),
    });
  }

  #readiness(): Readiness {
    const seen = this.#targets.map(({name, source, gate}) => ({
      name,
      troubles: source.troubles(),
      gate: gate.state,
    }));
    return readinessOf(this.#redisState, seen, this.#unserved);
  }
}

async function start(target: Target): Promise<void> {
  await target.pipeline.start();
  await target.look();
}
