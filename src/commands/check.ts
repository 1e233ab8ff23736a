import {noExternalId} from '../config/contradictions.ts';
import type {LoadedConfig} from '../config/load.ts';
import type {Config, TargetConfig} from '../config/schema.ts';
import type {Connector} from '../core/connector.ts';
import {endingsOf, leaveContradiction, leaveWarning} from '../core/leave-policy.ts';
import {createLog, createRedactor, type Redactor} from '../log.ts';
import {checkKafka} from './check/kafka.ts';
import {checkAttributes, checkEventMaps} from './check/mappings.ts';
import {checkRedis} from './check/redis.ts';
import {checkReaderSchema, checkRegistry, takesDeltas} from './check/registry.ts';
import {checkTarget, targetsOf} from './check/target.ts';
import {verdict, type Verdict} from './check/verdict.ts';
import type {Command, CommandContext, ExitCode} from './command.ts';
import {connectorOf} from './connector-of.ts';
import {targetOption} from './stored/open.ts';
import {targetNames} from './target-names.ts';

const deadlineMs = 5_000;

/** `check`: everything that `run` needs, a line each, all of them even when one fails. */
export const check: Command = {
  name: 'check',
  describe: 'check the config, the services and every target: a line each',
  options: [
    {flags: '--offline', describe: 'ask no service: config, mappings and schemas alone'},
    targetOption,
  ],
  run: async (context) => {
    const whole = await context.load();
    if (whole === undefined) return 2;
    const names = targetNames(context, whole);
    if (names === undefined) return 2;
    const loaded = narrowed(whole, names);
    const redactor = createRedactor();
    redactor.learn(loaded.secrets);
    const found = [
      configVerdict(loaded.config, context.configPath),
      ...targetsOf(loaded.config).flatMap(protectedVerdict),
      ...targetsOf(loaded.config).flatMap((target) => settingWarnings(target, connectorOf(target, loaded))),
      ...(await checkReaderSchema(loaded.config.event.schema)),
      ...(await checkAttributes(targetsOf(loaded.config))),
    ];
    if (context.options['offline'] !== true)
      found.push(...(await checkServices(loaded, redactor, context.signal)));
    const shown = found.map((one) => ({...one, detail: redactor.text(one.detail)}));
    print(shown, context);
    return exitCodeOf(shown);
  },
};

/** As if these were all targets: what others serve is theirs to check. */
const narrowed = (loaded: LoadedConfig, names: readonly string[]): LoadedConfig => {
  const targets = Object.entries(loaded.config.targets).filter(([name]) => names.includes(name));
  return {...loaded, config: {...loaded.config, targets: Object.fromEntries(targets)}};
};

const configVerdict = ({targets, kafka}: Config, path: string): Verdict =>
  verdict(
    'config',
    'ok',
    `${path}: ${Object.keys(targets).length} target(s), ${kafka.topics.length} topic(s)`,
  );

/** Who is never changed, as far as the config alone tells. */
const protectedVerdict = ({name, protected: {names, filters, groups}}: TargetConfig): Verdict[] =>
  names.length + filters.length + groups.length === 0
    ? []
    : [
        verdict(
          `protected ${name}`,
          'ok',
          `${names.length} by name, ${filters.length} filter(s), members of ${groups.length} group(s)`,
        ),
      ];

/** What the settings leave unsaid, and is otherwise at this service than one would think; what contradicts is refused. */
const settingWarnings = ({name, adopt, onLeave, config}: TargetConfig, {manifest}: Connector): Verdict[] => {
  const endings = endingsOf(manifest, config);
  const found = [
    leaveContradiction(onLeave, endings),
    leaveWarning(onLeave, endings),
    ...(adopt === 'externalId' && manifest.keepsExternalId?.(config) === false
      ? [`${noExternalId}: no existing one is taken over, unless adopt is userName`]
      : []),
  ];
  return found.flatMap((one) => (one === undefined ? [] : verdict(`target ${name}`, 'warning', one)));
};

const checkServices = async (
  loaded: LoadedConfig,
  redactor: Redactor,
  signal: AbortSignal,
): Promise<Verdict[]> => {
  const {config} = loaded;
  // What a client library has to say beside its failures would come between the lines.
  const log = createLog({level: 'error', redactor, destination: {write: () => undefined}});
  const groups = await Promise.all([
    checkKafka(config, await takesDeltas(config.event.schema), deadlineMs, signal),
    checkRegistry(config.registry, deadlineMs, signal),
    checkEventMaps(config, deadlineMs, signal),
    checkRedis(loaded, deadlineMs, signal),
    ...targetsOf(config).map((target) => checkTarget(target, connectorOf(target, loaded), log, signal)),
  ]);
  return groups.flat();
};

const print = (found: readonly Verdict[], {json, print: line}: CommandContext): void => {
  if (json) {
    line(JSON.stringify({checks: found}, null, 2));
    return;
  }
  const width = Math.max(...found.map(({check: name}) => name.length));
  for (const one of found)
    line(`${one.verdict.padEnd('unreachable'.length)}  ${one.check.padEnd(width)}  ${one.detail}`);
};

/** What is wrong outweighs what could not be asked: it needs a person in any case. */
const exitCodeOf = (found: readonly Verdict[]): ExitCode => {
  if (found.some((one) => one.verdict === 'wrong')) return 1;
  return found.some((one) => one.verdict === 'unreachable') ? 3 : 0;
};
