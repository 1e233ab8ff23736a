import {afterEach, beforeEach, describe, expect, test} from '@jest/globals';
import {mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {z} from 'zod';
import type {Manifest} from '../core/connector.ts';
import {loadConfig, type LoadedConfig, type RefusedConfig} from './load.ts';
import {watchSecrets, type SecretsWatch} from './watch.ts';

const manifest: Manifest = {
  id: 'scim',
  summary: 'For these tests.',
  configSchema: z.strictObject({token: z.string().min(1)}),
  capabilities: {users: true, groups: true, deactivate: true, delete: true},
  links: [],
};

/** A secret as Kubernetes mounts one: the file is a link into a folder that a second link names. */
const mount = (folder: string, version: string, token: string): void => {
  mkdirSync(join(folder, version));
  writeFileSync(join(folder, version, 'token'), token);
  symlinkSync(version, join(folder, 'next'));
  renameSync(join(folder, 'next'), join(folder, '..data'));
};

describe('secrets in files', () => {
  let folder: string;
  let watching: SecretsWatch | undefined;
  let wake: () => void;
  const changes: LoadedConfig[] = [];
  const refusals: RefusedConfig[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'avro-scim-watch-'));
    writeFileSync(
      join(folder, 'c.yaml'),
      'targets: {t: {connector: scim, config: {token: "${file:token}"}}}\n',
    );
    mount(folder, 'v1', 'first');
    symlinkSync('..data/token', join(folder, 'token'));
  });

  afterEach(() => {
    watching?.stop();
    rmSync(folder, {recursive: true});
    changes.length = 0;
    refusals.length = 0;
  });

  /** Starts watching, and gives a promise of the next news. */
  const start = (pollIntervalMs: number): (() => Promise<void>) => {
    const load = {path: join(folder, 'c.yaml'), env: {}, manifests: [manifest]};
    const loaded = loadConfig(load);
    if (!loaded.ok) throw new Error('the config of this test is wrong');
    let news = Promise.withResolvers<undefined>();
    wake = () => news.resolve(undefined);
    watching = watchSecrets({
      load,
      loaded,
      pollIntervalMs,
      onChange: (one) => {
        changes.push(one);
        wake();
      },
      onRefused: (one) => {
        refusals.push(one);
        wake();
      },
    });
    return async () => {
      await news.promise;
      news = Promise.withResolvers();
    };
  };

  const hour = 3_600_000;

  test('what changed between the first reading and the watch’s start is read', () => {
    const token = join(folder, 'token');
    const load = {path: join(folder, 'c.yaml'), env: {}, manifests: [manifest]};
    const loaded = loadConfig(load);
    if (!loaded.ok) throw new Error('the config of this test is wrong');
    const onRefused = (one: RefusedConfig) => refusals.push(one);
    const onChange = (one: LoadedConfig) => changes.push(one);
    const begin = (): void => {
      watching?.stop();
      watching = watchSecrets({load, loaded, pollIntervalMs: hour, onChange, onRefused});
    };
    begin();
    expect([changes, refusals]).toEqual([[], []]);
    writeFileSync(token, 'second');
    begin();
    expect(changes.map(({config}) => config.targets['t']?.config)).toEqual([{token: 'second'}]);
    rmSync(token);
    begin();
    expect(refusals).toHaveLength(1);
  });

  test('a swapped symlink is noticed by the folder’s notice', async () => {
    const news = start(hour);
    mount(folder, 'v2', 'second');
    await news();
    expect(changes[0]?.config.targets['t']?.config).toEqual({token: 'second'});
    expect(changes[0]?.secrets).toContain('second');
  });

  test('and by the poll', async () => {
    const news = start(5);
    mount(folder, 'v2', 'second');
    await news();
    expect(changes.at(-1)?.config.targets['t']?.config).toEqual({token: 'second'});
  });

  test('an empty secret is refused, and a good one taken after it', async () => {
    const news = start(hour);
    mount(folder, 'v2', '');
    await news();
    expect(refusals[0]?.problems[0]?.path).toBe('targets.t.config.token');
    mount(folder, 'v3', 'third');
    await news();
    expect(changes[0]?.config.targets['t']?.config).toEqual({token: 'third'});
  });

  test('a file that can not even be looked at is refused, and ends nothing', async () => {
    const news = start(hour);
    rmSync(join(folder, 'token'));
    symlinkSync('token', join(folder, 'token'));
    expect(() => watching?.look()).not.toThrow();
    await news();
    expect(refusals[0]?.problems[0]?.message).toContain('can not be read');
  });

  test('nothing changed, nothing said', () => {
    start(hour);
    watching?.look();
    expect([...changes, ...refusals]).toEqual([]);
  });

  test('one that is written while the config is read is read again at the next look', () => {
    const token = join(folder, 'plain');
    writeFileSync(
      join(folder, 'c.yaml'),
      'targets: {t: {connector: scim, config: {token: "${file:plain}"}}}\n',
    );
    writeFileSync(token, 'first');
    let meanwhile: string | undefined;
    const readFile = (path: string): string => {
      const content = readFileSync(path, 'utf8');
      if (path === token) {
        if (meanwhile !== undefined) writeFileSync(token, meanwhile);
        meanwhile = undefined;
      }
      return content;
    };
    const load = {path: join(folder, 'c.yaml'), env: {}, manifests: [manifest], readFile};
    const loaded = loadConfig(load);
    if (!loaded.ok) throw new Error('the config of this test is wrong');
    const onRefused = (one: RefusedConfig) => refusals.push(one);
    const onChange = (one: LoadedConfig) => changes.push(one);
    watching = watchSecrets({load, loaded, pollIntervalMs: 60_000, onChange, onRefused});
    writeFileSync(token, 'second');
    meanwhile = 'the third';
    watching.look();
    watching.look();
    const tokens = changes.map(({config}) => config.targets['t']?.config);
    expect(tokens).toEqual([{token: 'second'}, {token: 'the third'}]);
  });
});
