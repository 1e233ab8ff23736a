import {z} from 'zod';
import type {Manifest} from '../../core/connector.ts';
import {loadConfig} from '../load.ts';
import {problemText} from '../problem.ts';

/** A connector whose config has an address, a choice, a number. */
export const manifest: Manifest = {
  id: 'scim',
  summary: 'For these tests.',
  configSchema: z.strictObject({
    baseUrl: z.url(),
    auth: z.union([
      z.strictObject({bearer: z.string().min(1)}),
      z.strictObject({basic: z.strictObject({username: z.string(), password: z.string()})}),
    ]),
    pageSize: z.int().default(100),
  }),
  capabilities: {users: true, groups: true, deactivate: true, delete: true},
  links: [],
};

/** Loads this text as the config; of other files there are those that are given. */
export const load = (text: string, env: Record<string, string> = {}, files: Record<string, string> = {}) =>
  loadConfig({
    path: '/etc/avro-scim.yaml',
    env,
    manifests: [manifest],
    readFile: (path) => {
      const content = path === '/etc/avro-scim.yaml' ? text : files[path];
      if (content === undefined) throw Object.assign(new Error(`no ${path}`), {code: 'ENOENT'});
      return content;
    },
  });

/** What is wrong with it, as people read it. */
export const problemsOf = (text: string, env: Record<string, string> = {}): string[] => {
  const loaded = load(text, env);
  return loaded.ok ? [] : loaded.problems.map((problem) => problemText('f', problem));
};

/** A config that is right, and what is to come after it. */
export const good = (extra: string): string => `targets:
  wiki:
    connector: scim
    config: {baseUrl: https://wiki.example/scim, auth: {bearer: t0ken}}
${extra}`;
