import project from '../../../package.json' with {type: 'json'};
import type {Config} from '../../config/schema.ts';
import type {Logger} from '../../core/connector.ts';
import type {Traces} from '../../stages/traces/index.ts';

/** The traces of this process, where they are configured: else nothing of OpenTelemetry is even loaded. */
export async function openTraces(settings: () => Config['traces'], log: Logger): Promise<Traces | undefined> {
  const {endpoint, sampleRatio, serviceName} = settings();
  if (endpoint === undefined) return undefined;
  const {createTraces} = await import('../../stages/traces/index.ts');
  const headers = (): Record<string, string> => settings().headers ?? {};
  return createTraces({endpoint, headers, sampleRatio, serviceName, version: project.version, log});
}
