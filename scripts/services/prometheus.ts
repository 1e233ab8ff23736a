import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {stringify} from 'yaml';
import {daemon} from './daemon.ts';
import {prometheusPackage} from './downloads.ts';
import {openFolder} from './folder.ts';
import {freePort} from './ports.ts';
import {exists} from './tools.ts';

/** How Prometheus and its tool are called on this machine. */
export interface PrometheusPrograms {
  prometheus: string;
  promtool: string;
}

const isInstalled = (): boolean => exists('prometheus') && exists('promtool');

/** Those of the machine, or else Debian's, fetched at the first call. */
export async function prometheusPrograms(log: (line: string) => void): Promise<PrometheusPrograms> {
  if (isInstalled()) return {prometheus: 'prometheus', promtool: 'promtool'};
  if (!exists('apt-get') || !exists('dpkg-deb'))
    throw new Error(
      'Prometheus was not found, nor apt-get to fetch it with: put prometheus and promtool on the PATH (https://prometheus.io/download/)',
    );
  const folder = await prometheusPackage(log);
  const program = (name: string): string => join(folder, 'usr/bin', name);
  return {prometheus: program('prometheus'), promtool: program('promtool')};
}

/** A Prometheus that scrapes `host:port` each second and goes by these rules; gone when it is closed. */
export async function startPrometheus(
  {prometheus}: PrometheusPrograms,
  {target, rules}: {target: string; rules: string},
): Promise<{url: string; close: () => Promise<void>}> {
  const steps: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of steps.splice(0).reverse()) await step();
  };
  const folder = await openFolder('avro-scim-prometheus-', (step) => void steps.push(step));
  const configFile = join(folder, 'prometheus.yaml');
  const config = {
    global: {scrape_interval: '1s', evaluation_interval: '1s'},
    rule_files: [rules],
    scrape_configs: [{job_name: 'avro-scim', static_configs: [{targets: [target]}]}],
  };
  await writeFile(configFile, stringify(config));
  const url = `http://127.0.0.1:${await freePort()}`;
  const server = daemon({
    name: 'prometheus',
    command: prometheus,
    args: [
      `--config.file=${configFile}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${new URL(url).host}`,
    ],
    logFile: join(folder, 'prometheus.log'),
    ready: () =>
      fetch(`${url}/-/ready`).then(
        ({ok}) => ok,
        () => false,
      ),
  });
  steps.push(() => server.stop('SIGKILL'));
  try {
    await server.start();
  } catch (error) {
    await close();
    throw error;
  }
  return {url, close};
}
