import {statSync, watch, type FSWatcher} from 'node:fs';
import {dirname} from 'node:path';
import {isDeepStrictEqual} from 'node:util';
import {loadConfig, type LoadedConfig, type LoadOptions, type RefusedConfig} from './load.ts';

export interface WatchOptions {
  load: LoadOptions;
  /** The config that holds now: its files are watched, the config file itself is not. */
  loaded: LoadedConfig;
  /** A config that was read again and is right. */
  onChange: (loaded: LoadedConfig) => void;
  /** A changed file made the config wrong: the old one still holds. */
  onRefused: (refused: RefusedConfig) => void;
  /** How often the files are looked at beside the notices of the file system, ms. */
  pollIntervalMs?: number;
}

export interface SecretsWatch {
  /** Looks now, as the poll does. */
  look(): void;
  stop(): void;
}

/**
 * Reads the config again when a file that holds a secret changes. Kubernetes swaps a symlink beside the file, which a
 * watch of the file itself never sees: hence its folder is watched, and its stat polled for file systems that give
 * no notices at all.
 */
export const watchSecrets = (options: WatchOptions): SecretsWatch => {
  let files = options.loaded.files;
  // They may have changed since they were read.
  let seen = unknown;
  const watchers = new Map<string, FSWatcher>();
  const readAnew = (): LoadedConfig | RefusedConfig | undefined => {
    const now = fingerprint(files);
    if (now === seen) return undefined;
    const loaded = loadConfig(options.load);
    const known = files;
    files = [...new Set([...known, ...loaded.files])];
    // As it was before it was read: what was written meanwhile is read at its own notice, or by the poll.
    seen = files.length === known.length ? now : unknown;
    watchFolders();
    return loaded;
  };
  const look = (): void => {
    const loaded = readAnew();
    if (loaded?.ok) options.onChange(loaded);
    else if (loaded) options.onRefused(loaded);
  };
  const watchFolders = (): void => {
    for (const folder of new Set(files.map((file) => dirname(file)))) {
      if (!watchers.has(folder)) watchFolder(folder, watchers, look);
    }
  };
  const first = readAnew();
  if (first?.ok === false) options.onRefused(first);
  else if (first && !isDeepStrictEqual(first.secrets, options.loaded.secrets)) options.onChange(first);
  const poll = setInterval(look, options.pollIntervalMs ?? 10_000);
  poll.unref();
  return {
    look,
    stop: () => {
      clearInterval(poll);
      for (const watcher of watchers.values()) watcher.close();
    },
  };
};

/** Of files that were not looked at before they were read: they are read once more. */
const unknown = 'unknown';

/** A folder that can not be watched is left to the poll. */
const watchFolder = (folder: string, watchers: Map<string, FSWatcher>, look: () => void): void => {
  const giveUp = (): void => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  try {
    const watcher = watch(folder, {persistent: false}, look);
    watchers.set(folder, watcher.on('error', giveUp));
  } catch {
    giveUp();
  }
};

/** What tells one content of the files from another without reading them. */
const fingerprint = (files: readonly string[]): string =>
  files
    .map((file) => {
      try {
        const {dev, ino, size, mtimeNs} = statSync(file, {bigint: true});
        return `${dev}:${ino}:${size}:${mtimeNs}`;
      } catch {
        // It is away, or not to be looked at now: reading it tells which.
        return 'none';
      }
    })
    .join(' ');
