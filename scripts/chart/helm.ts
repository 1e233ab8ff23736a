import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import {deployPackages} from '../services/downloads.ts';

const chart = join(import.meta.dirname, '../../helm/avro-scim');
/** Versions of Kubernetes: the oldest that the chart takes (Chart.yaml), and the newest whose schemas are there. */
export const kubernetesVersions = ['1.27', '1.37'] as const;
const newest = '1.37';

export type ChartValues = Record<string, unknown>;

/** One rendering that is asked for; `apiVersions`: kinds that the cluster knows beside Kubernetes' own, GROUP/VERSION/KIND. */
export interface Rendering {
  values: ChartValues;
  name?: string;
  namespace?: string;
  apiVersions?: readonly string[];
}

/** What comes of it: the texts by template, or why Helm or the chart refuses the values. */
export type Rendered =
  {manifests: Record<string, string>; refused?: undefined} | {refused: string; manifests?: undefined};

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Asks helm.py; rejects with what it said when it fails. */
async function ask<Answer>(question: object): Promise<Answer> {
  const packages = await deployPackages(say);
  const script = join(import.meta.dirname, 'helm.py');
  const child = spawn('python3', [script], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {...process.env, PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: '1'},
  });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.stdin.end(JSON.stringify(question));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`helm.py failed (exit ${code ?? 'by signal'}):\n${errors}`);
  return JSON.parse(output) as Answer;
}

/** Warnings and errors of `helm lint --strict`, for each of some values. */
export const lintChart = (values: readonly ChartValues[]): Promise<string[][]> => ask({chart, lint: values});

/** The chart by `helm template`, for each of some values, in their order. */
export const renderChart = (render: readonly Rendering[]): Promise<Rendered[]> => ask({chart, render});

/** What Kubernetes' own schemas refuse of YAML texts; kinds that others define are not looked at. */
export const validateManifests = (
  validate: readonly string[],
  kubernetes: (typeof kubernetesVersions)[number] = newest,
): Promise<string[][]> => ask({kubernetes, validate});

/** hadolint, as a command. */
export const hadolintCommand = async (): Promise<string> => join(await deployPackages(say), 'bin/hadolint');
