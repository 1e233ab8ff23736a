import {join} from 'node:path';
import {readFileSync} from 'node:fs';
import {parseAllDocuments} from 'yaml';
import {renderChart, type ChartValues} from '../../scripts/chart/helm.ts';
import {config, full, least, otherKinds, over, trial} from './values.ts';

/** What the tests look at of a manifest. */
export interface Manifest {
  kind: string;
  metadata: {name: string; annotations?: Record<string, string>; labels: Record<string, string>};
  data?: Record<string, string>;
  spec: Record<string, unknown>;
}

const sidecar = {mode: 'sidecar', sidecar: {podLabels: {app: 'kafka'}}};

/** The matrix: values of every kind of installation, by name. */
export const everyValues: Record<string, ChartValues> = {
  least,
  full,
  sidecar: over(least, sidecar),
  'full sidecar': over(full, {...sidecar, sidecar: {...sidecar.sidecar, native: true}}),
  trial: trial(least),
  'full trial': trial(full),
  'trial sidecar': over(trial(least), sidecar),
  hpa: over(full, {autoscaling: {kind: 'hpa'}}),
  'patterns of topics': over(full, {config: {kafka: {topics: ['/^hr\\./']}}}),
  'an account that is there': over(full, {serviceAccount: {create: false, name: 'there'}}),
  'no limits': over(least, {resources: {limits: null}}),
  'redis with a password': over(full, {
    config: {redis: {url: 'redis://a:${file:/run/secrets/wiki/token}@redis.example:6390/0'}},
  }),
  'redis by sentinels': {
    ...full,
    config: {...config, redis: {sentinel: {name: 'main', nodes: ['sentinel-0.example:26379']}}},
  },
};

/** Whether the cluster knows the kinds of others that the chart uses. */
export const clusters = {without: [], with: otherKinds};
type Cluster = keyof typeof clusters;

/** Each of the matrix where the cluster knows them; one where it does not. */
export const cases: readonly {name: string; cluster: Cluster}[] = [
  ...Object.keys(everyValues).map((name) => ({name, cluster: 'with'}) as const),
  {name: 'full', cluster: 'without'},
];

const texts = new Map<string, Record<string, string>>();

/** Renders the matrix; throws where one is refused. */
export async function renderCases(): Promise<void> {
  const asked = cases.map(({name, cluster}) => ({
    values: everyValues[name] ?? {},
    apiVersions: clusters[cluster],
  }));
  for (const [index, one] of (await renderChart(asked)).entries()) {
    const key = keyOf(cases[index]?.name ?? '', cases[index]?.cluster);
    if (one.refused !== undefined) throw new Error(`${key}: ${one.refused}`);
    texts.set(key, one.manifests);
  }
}

const keyOf = (name: string, cluster: Cluster = 'with'): string => `${name}, ${cluster}`;

/** What Kubernetes would be given; NOTES.txt is for people. */
export const yamlOf = (name: string, cluster?: Cluster): string =>
  Object.entries(texts.get(keyOf(name, cluster)) ?? {})
    .filter(([path]) => path.endsWith('.yaml'))
    .map(([, text]) => text)
    .join('\n---\n');

/** The manifests of a YAML text. */
export const readManifests = (text: string): Manifest[] =>
  parseAllDocuments(text).flatMap((document) => (document.toJSON() as Manifest | null) ?? []);

const read = new Map<string, Manifest[]>();

/** The manifests of one of the matrix. */
export function manifestsOf(name: string, cluster?: Cluster): Manifest[] {
  const key = keyOf(name, cluster);
  const known = read.get(key) ?? readManifests(yamlOf(name, cluster));
  read.set(key, known);
  return known;
}

/** The one of that kind, called as the release, with what follows that. */
export function find(name: string, kind: string, suffix = ''): Manifest {
  const found = manifestsOf(name).find(
    (one) => one.kind === kind && one.metadata.name === `avro-scim${suffix}`,
  );
  if (!found) throw new Error(`${name}: there is no ${kind} avro-scim${suffix}`);
  return found;
}

/** The part of a manifest at a path. */
export const part = (manifest: unknown, ...path: (string | number)[]): unknown =>
  path.reduce<unknown>((at, key) => (at as Record<string | number, unknown> | undefined)?.[key], manifest);

/** A file of the repository. */
export const textOf = (path: string): string =>
  readFileSync(join(import.meta.dirname, '../..', path), 'utf8');

/** Progress of downloads. */
export const say = (line: string): void => void process.stderr.write(`${line}\n`);
