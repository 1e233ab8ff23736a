import {cpSync, existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {openFolder, type Closing} from '../services/folder.ts';
import {run, succeeds} from '../services/tools.ts';

const root = join(import.meta.dirname, '../..');

/** What the Dockerfile builds on: `docker.io/library/node:24.1.2-trixie-slim`. */
export function baseOf(dockerfile: string): {node: string; suite: string} {
  const [, node, suite] = /^ARG BASE_IMAGE=\S*\/node:(\d+\.\d+\.\d+)-(\w+)-slim$/m.exec(dockerfile) ?? [];
  if (node === undefined || suite === undefined)
    throw new Error('Dockerfile: expected ARG BASE_IMAGE=…/node:VERSION-SUITE-slim');
  return {node, suite};
}

/**
 * An image that stands in for the Dockerfile's base where no registry of images can be reached: the same Debian, and the same
 * Node in the same places. Made once (two minutes); resolves to its name.
 */
export async function makeBase(log: (line: string) => void, closing: Closing): Promise<string> {
  const {node, suite} = baseOf(readFileSync(join(root, 'Dockerfile'), 'utf8'));
  const image = `localhost/avro-scim-check-base:${node}-${suite}`;
  if (succeeds('buildah', ['inspect', '--type', 'image', image])) return image;
  const folder = await openFolder('avro-scim-base-', closing);
  log(`making a base of Debian ${suite} with Node ${node} (once)`);
  const tar = join(folder, 'base.tar');
  await run('mmdebstrap', ['--variant=minbase', '--include=ca-certificates', suite, tar]);
  const container = (await run('buildah', ['from', 'scratch'])).trim();
  closing(() => run('buildah', ['rm', container]));
  const mounted = (await run('buildah', ['mount', container])).trim();
  await run('tar', ['-xf', tar, '-C', mounted]);
  await addNode(mounted, node, folder);
  await run('buildah', ['config', '--env', 'PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', container]);
  await run('buildah', ['commit', '--quiet', container, image]);
  return image;
}

/** Node and npm as its image has them, from npm's registry; and how npm reaches that from this machine. */
async function addNode(mounted: string, version: string, folder: string): Promise<void> {
  const name = `node-linux-${process.arch}`;
  const local = join(mounted, 'usr/local');
  await run('npm', ['install', '--no-save', '--ignore-scripts', '--prefix', folder, `${name}@${version}`]);
  cpSync(join(folder, 'node_modules', name, 'bin/node'), join(local, 'bin/node'));
  const npm = (await run('npm', ['--version'])).trim();
  await run('npm', ['install', '--global', '--ignore-scripts', '--prefix', local, `npm@${npm}`]);
  const setting = async (key: string): Promise<string> => (await run('npm', ['config', 'get', key])).trim();
  const [registry, cafile] = await Promise.all([setting('registry'), setting('cafile')]);
  mkdirSync(join(local, 'etc'), {recursive: true});
  const settings = [`registry=${registry}`];
  if (existsSync(cafile)) {
    mkdirSync(dirname(join(mounted, cafile)), {recursive: true});
    cpSync(cafile, join(mounted, cafile), {dereference: true});
    settings.push(`cafile=${cafile}`);
  }
  writeFileSync(join(local, 'etc/npmrc'), `${settings.join('\n')}\n`);
}
