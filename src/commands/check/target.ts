import type {Config, TargetConfig} from '../../config/schema.ts';
import type {Connector, Logger} from '../../core/connector.ts';
import {failed, type Failure, type FailureKind, type Result} from '../../core/failure.ts';
import type {CheckReport} from '../../core/port.ts';
import {createSender} from '../../http.ts';
import {oldestOf} from '../../target/checks.ts';
import {unreachable, verdict, within, type Verdict, type VerdictKind} from './verdict.ts';

/** A target's address and credential: what its connector's own check says. */
export const checkTarget = async (
  target: TargetConfig,
  connector: Connector,
  log: Logger,
  signal: AbortSignal,
): Promise<Verdict[]> => {
  const name = `target ${target.name}`;
  const sender = createSender({target: target.name, connections: 1, ...target.request, now: Date.now});
  const config = (): unknown => target.config;
  try {
    const context = {target: target.name, config, send: sender.send, log, now: Date.now};
    const asked = ask(() => connector.create(context).check(signal));
    const answered = await within(asked, 4 * target.request.deadlineMs, signal);
    if (!answered.ok) return [verdict(name, kindOf(answered.failure.kind), failureText(answered.failure))];
    const {summary, warnings = []} = answered.value;
    return [
      verdict(name, 'ok', `${summary}${lifeText(answered.value, target.secretFiles, Date.now())}`),
      ...warnings.map((warning) => verdict(name, 'warning', warning)),
    ];
  } catch (error) {
    return [unreachable(name, error)];
  } finally {
    await sender.close();
  }
};

/** How old the credential is, as the vendor tells or else as old as its file, and when it ends. */
const lifeText = (told: CheckReport, files: readonly string[], now: number): string => {
  const madeAt = told.credentialCreatedAt ?? oldestOf(files);
  const days = madeAt === undefined ? undefined : Math.max(0, Math.floor((now - madeAt) / 86_400_000));
  const what = told.credentialCreatedAt === undefined ? 'the file of the credential' : 'the credential';
  const end = told.credentialExpiresAt;
  return [
    ...(days === undefined ? [''] : ['', `${what} is ${days} day(s) old`]),
    ...(end === undefined ? [] : [`the credential ends ${new Date(end).toISOString()}`]),
  ].join('; ');
};

/** What a connector throws is its bug, and nothing is known to be unreachable. */
const ask = async (check: () => Promise<Result<CheckReport>>): Promise<Result<CheckReport>> => {
  try {
    return await check();
  } catch (error) {
    const message = `the connector threw ${error instanceof Error ? error.message : String(error)}`;
    return failed({kind: 'bug', message, cause: 'exception'});
  }
};

const failureText = ({message, cause}: Failure): string =>
  message.includes(cause) ? message : `${message} (${cause})`;

const kindOf = (kind: FailureKind): VerdictKind => {
  switch (kind) {
    case 'transient':
    case 'throttled':
    case 'unavailable':
      return 'unreachable';
    case 'unauthorized':
    case 'rejected':
    case 'conflict':
    case 'unresolved':
    case 'undecodable':
    case 'bug':
      return 'wrong';
  }
};

/** The targets of a config, for a check or a run. */
export const targetsOf = (config: Config): TargetConfig[] => Object.values(config.targets);
