import type {FastifyInstance} from 'fastify';
import {hashToken} from '../../../core/token-lines.ts';
import type {Role} from '../../../core/role.ts';
import {createServer} from '../../server.ts';
import {silent} from '../../testing/log.ts';
import type {OidcVerifier} from '../auth/oidc.ts';
import type {AuthSettings} from '../auth/principal.ts';
import type {ApiPorts, Asked} from '../ports.ts';
import {refused, type Answer} from '../problem.ts';
import type {GroupPreview, GroupProgress, GroupView} from '../schema/groups.ts';
import type {LetterView} from '../schema/parked.ts';

const at = '2026-11-24T08:00:00.000Z';

export const letter: LetterView = {
  target: 'wiki',
  id: 'events/0/1',
  subject: 'u1',
  kind: 'snapshot',
  saysMembers: false,
  failure: {kind: 'rejected', cause: '400', message: 'refused'},
  attempts: 1,
  firstAt: at,
  at,
  position: {source: 1, offset: 1, occurredAt: at},
};

const group: GroupView = {
  target: 'wiki',
  id: 'abc',
  kind: 'rejected',
  cause: '400',
  message: 'refused',
  isCutOff: false,
  count: 1,
  firstAt: at,
  lastAt: at,
  trend: [],
  example: 'events/0/1',
  advice: 'Mend it.',
};
const preview: GroupPreview = {group, count: 1, token: 'seen', looked: 0, would: [], sample: []};
const progress: GroupProgress = {
  target: 'wiki',
  group: 'abc',
  state: 'running',
  startedAt: at,
  by: 'ann',
  total: 1,
  retried: 0,
  superseded: 0,
  gone: 0,
  refused: 0,
  items: [],
  after: '0-0',
};

/** A call of a port: its name, and what it was given. */
export type Call = [name: string, ...given: unknown[]];

const yes = <T>(value: T): Promise<Answer<T>> => Promise.resolve({ok: true, value});

/** Ports that know one target, one subject and one letter, and note what is asked of them. */
export function fakePorts(calls: Call[] = []): ApiPorts {
  const target = {name: 'wiki', connector: 'scim'};
  const act =
    (name: string) =>
    (...given: unknown[]) => {
      calls.push([name, ...given]);
      return yes([{target: 'wiki', id: 'events/0/1', result: name}]);
    };
  const note = <T>(name: string, value: T, ...given: unknown[]) => {
    calls.push([name, ...given]);
    return yes(value);
  };
  return {
    audit: (filter, paging, showing) =>
      note('audit', {items: [], readFrom: 'topic' as const}, filter, paging, showing),
    targets: {
      list: () => Promise.resolve({targets: [target], dependencies: {redis: {up: true}}}),
      read: (name) =>
        name === 'wiki'
          ? yes(target)
          : Promise.resolve(refused({kind: 'unknown', detail: `There is no target ${name}.`})),
      pause: (name, asked) => note('paused', target, name, asked),
      resume: (name, asked) => note('resumed', target, name, asked),
    },
    subjects: {
      read: (id, showing) => note('subject', {subject: id, targets: []}, id, showing),
      cutOff: act('cut off'),
      replay: act('replayed'),
      lift: act('lifted'),
    },
    lanes: (filter, paging) => note('lanes', {items: [], next: 'more'}, filter, paging),
    letters: {
      list: (filter, paging) => note('letters', {items: [letter]}, filter, paging),
      read: (name, showing) => note('letter', letter, name, showing),
      preview: (filter) => note('preview', {count: 1, hasMore: false, causes: []}, filter),
      retry: act('retried'),
      discard: act('discarded'),
    },
    groups: {
      list: (filter, paging) => note('groups', {items: [], causes: 0, letters: 0}, filter, paging),
      preview: (name) => note('group preview', preview, name),
      progress: (name, after) => note('progress', progress, name, after),
      retry: (name, token, asked) => note('group retried', progress, name, token, asked),
      stop: (name, asked) => note('stopped', progress, name, asked),
    },
    holds: {
      list: (filter, paging) => note('holds', {items: []}, filter, paging),
      preview: (filter) => note('preview', {count: 0, hasMore: false}, filter),
      approve: act('approved'),
      discard: act('discarded'),
    },
  };
}

/** A token for each role: `viewer-token` and so on. */
export const tokenOf = (role: Role): string => `${role}-token`;

const entries = (['viewer', 'operator', 'approver'] as const).map((role) => ({
  name: `the ${role}`,
  role,
  sha256: hashToken(tokenOf(role)),
}));

export interface RigOptions {
  /** Tokens for the roles unless given; `null` for none. */
  auth?: AuthSettings | null;
  host?: string;
  ports?: ApiPorts;
  requestsPerMinute?: number;
  verifier?: OidcVerifier;
}

/** The server over fake ports, to be asked with `inject`. */
export function rig(options: RigOptions = {}): FastifyInstance & {calls: Call[]; errors: object[]} {
  const {auth = {tokens: entries}, host = '127.0.0.1', requestsPerMinute = 1000, verifier} = options;
  const calls: Call[] = [];
  const log = silent();
  const app = createServer({
    ...{host, port: 0, log},
    readiness: () => ({dependencies: {}, targets: {}}),
    metrics: () => Promise.resolve(''),
    api: {
      ...{ports: options.ports ?? fakePorts(calls), version: '0.0.0', requestsPerMinute},
      auth: () => auth ?? undefined,
      ...(verifier && {verifier}),
    },
  });
  return Object.assign(app, {calls, errors: log.errors});
}

/** Headers that sign in with a role. */
export const as = (role: Role) => ({authorization: `Bearer ${tokenOf(role)}`});

/** Who has asked for an action, as a port was told. */
export const asked = (role: Role, reason?: string): Asked => ({
  by: {name: `the ${role}`, role, via: 'token'},
  reason,
});
