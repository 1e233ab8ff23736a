import {lstatSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import type {Closing} from '../services/folder.ts';
import {run} from '../services/tools.ts';

const root = join(import.meta.dirname, '../..');

/** The image that the Dockerfile makes, as a folder, and what it says about running it. */
export interface Image {
  /** Its root; mounted until it is closed. */
  folder: string;
  entrypoint: string[];
  command: string[];
  env: Record<string, string>;
  user: string;
  workingDir: string;
  stopSignal: string;
  labels: Record<string, string>;
  healthcheck: string[];
}

interface Inspected {
  Docker: {
    config: {
      User: string;
      Env: string[];
      Cmd: string[];
      Entrypoint: string[];
      WorkingDir: string;
      StopSignal: string;
      Labels: Record<string, string>;
      Healthcheck: {Test: string[]};
    };
  };
}

/** Builds the Dockerfile on this base, with buildah: the same steps as an engine's, in a chroot. */
export async function buildImage(base: string, commit: string, closing: Closing): Promise<Image> {
  const name = 'localhost/avro-scim-check';
  await run('buildah', [
    ...[
      'bud',
      '--isolation',
      'chroot',
      '--network',
      'host',
      '--pull-never',
      '--layers',
      '--format',
      'docker',
    ],
    ...['--build-arg', `BASE_IMAGE=${base}`, '--build-arg', `COMMIT=${commit}`, '--tag', name, root],
  ]);
  const inspected = JSON.parse(await run('buildah', ['inspect', '--type', 'image', name])) as Inspected;
  const {config} = inspected.Docker;
  const container = (await run('buildah', ['from', '--pull-never', name])).trim();
  closing(() => run('buildah', ['rm', container]));
  return {
    folder: (await run('buildah', ['mount', container])).trim(),
    entrypoint: config.Entrypoint,
    command: config.Cmd,
    env: Object.fromEntries(config.Env.map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string])),
    user: config.User,
    workingDir: config.WorkingDir,
    stopSignal: config.StopSignal,
    labels: config.Labels,
    healthcheck: config.Healthcheck.Test.slice(1),
  };
}

/** All files below a folder, from there; links as what they are. */
export const filesOf = (folder: string): {path: string; bytes: number}[] =>
  readdirSync(folder, {recursive: true, encoding: 'utf8'}).flatMap((path) => {
    const at = lstatSync(join(folder, path));
    return at.isDirectory() ? [] : [{path, bytes: at.size}];
  });
