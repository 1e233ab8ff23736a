import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {Redis} from 'ioredis';
import {startRedis} from '../../scripts/services/index.ts';
import {freePort} from '../../scripts/services/ports.ts';
import {roles, type Role} from '../../src/core/role.ts';
import {hashToken, tokenLine} from '../../src/core/token-lines.ts';
import {createDeadLetters, type DeadLetterStage} from '../../src/stages/dead-letters/index.ts';
import {createHolds, type HoldStage} from '../../src/stages/holds/index.ts';
import {startProgram} from '../faults/program.ts';
import {eventually} from '../support/eventually.ts';

/** A running service with a Redis of its own, two targets that do not answer, and no broker. */
export interface ApiRig {
  url: string;
  redis: Awaited<ReturnType<typeof startRedis>>;
  letters: Record<'wiki' | 'desk', DeadLetterStage>;
  holds: HoldStage;
  /** Asks as a role, or as nobody; a body is sent as JSON with POST. */
  ask(path: string, role?: Role, body?: object): Promise<{status: number; body: Answered}>;
  /** The audit's records, as they are now. */
  audited(): Promise<Record<string, unknown>[]>;
  /** Lets these roles' tokens in, and no other. */
  admit(admitted: readonly Role[]): Promise<void>;
  close(): Promise<void>;
}

/** What an answer of the API may hold. */
export interface Answered {
  items?: {id: string; target: string; subject: string}[];
  next?: string;
  results?: Record<string, string>[];
  targets?: Record<string, unknown>[];
  count?: number;
  [field: string]: unknown;
}

export const tokenOf = (role: Role): string => `${role}-${'x'.repeat(40)}`;
const prefix = 'avro-scim';
const nowhere = 'http://127.0.0.1:1';

/** Starts it; `close` ends all of it. */
export async function startApi(): Promise<ApiRig> {
  const folder = await mkdtemp(join(tmpdir(), 'api-'));
  const service = await startRedis({log: () => undefined});
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const admit = (admitted: readonly Role[]): Promise<void> => {
    const lines = admitted.map((role) => tokenLine({name: role, role, sha256: hashToken(tokenOf(role))}));
    return writeFile(join(folder, 'tokens'), `${lines.join('\n')}\n`);
  };
  await admit(roles);
  const target = {connector: 'scim', config: {baseUrl: nowhere, auth: {bearer: 'made up'}}};
  const config = {
    kafka: {brokers: ['127.0.0.1:1'], topics: ['events']},
    registry: {url: nowhere},
    redis: {url: service.url, prefix},
    admin: {port, requestsPerMinute: 1_000_000, auth: {tokens: `\${file:${join(folder, 'tokens')}}`}},
    audit: {file: join(folder, 'audit.jsonl')},
    shutdown: {graceMs: 500},
    // One lane at a time: what can not succeed is not to take the machine from what is tested.
    targets: {wiki: {...target, concurrency: 1, rate: {requests: 400, perSeconds: 1}}, desk: target},
  };
  await writeFile(join(folder, 'config.yaml'), JSON.stringify(config));
  const redis = new Redis(service.url, {maxRetriesPerRequest: null});
  redis.on('error', () => undefined);
  const program = startProgram(join(folder, 'config.yaml'), join(folder, 'log'), {});
  const ask: ApiRig['ask'] = async (path, role, body) => {
    const response = await fetch(`${url}${path}`, {
      headers: {
        ...(role && {authorization: `Bearer ${tokenOf(role)}`}),
        ...(body && {'content-type': 'application/json'}),
      },
      ...(body && {method: 'POST', body: JSON.stringify(body)}),
    });
    return {status: response.status, body: (await response.json()) as Answered};
  };
  await eventually(async () => (await ask('/api/v1/lanes', 'viewer')).status === 200, {
    ...{what: 'the API', deadlineMs: 60_000},
  });
  const at = (name: string) => createDeadLetters({redis, prefix, target: name});
  return {
    ...{url, redis: service, ask, admit},
    letters: {wiki: at('wiki'), desk: at('desk')},
    holds: createHolds({redis, prefix, target: 'wiki'}),
    async audited() {
      const text = await readFile(join(folder, 'audit.jsonl'), 'utf8').catch(() => '');
      const lines = text.split('\n');
      return lines
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter((one) => !('checkpoint' in one));
    },
    async close() {
      redis.disconnect();
      const code = await program.end('SIGTERM');
      await service.remove();
      await rm(folder, {recursive: true});
      if (code !== 0) throw new Error(`the service ended with ${String(code)}`);
    },
  };
}

const record = (offset: number) => ({
  ...{topic: 'events', partition: 0, offset, timestamp: 1, headers: {who: 'ann'}},
  key: Buffer.from(`u${offset}`),
  value: Buffer.from('bytes'),
});

/** A dead letter of the subject `u<offset>`. */
export const letterOf = (offset: number, target: string, cause = '400 invalidValue') => ({
  ...{id: `events/0/${offset}`, target, subject: `u${offset}`, kind: 'snapshot' as const, saysMembers: false},
  failure: {
    ...{kind: 'rejected' as const, cause, message: 'refused'},
    exchange: {method: 'POST', url: 'https://wiki.example/Users', requestBody: '{"userName":"ann"}'},
  },
  ...{attempts: 1, firstAt: 1, at: 1000 + offset, record: record(offset)},
  // Further than dates reach: an event may say any number.
  position: {source: 1, offset, occurredAt: 9e15},
});

/** A leave that is held. */
export const leaveOf = (offset: number) => ({
  ...{
    id: `events/0/${offset}`,
    kind: 'cutOff' as const,
    saysMembers: false,
    firstAt: 1,
    attempts: 0,
    ageMs: 0,
  },
  ...{position: {source: 1, offset, occurredAt: 1_000_000}, record: record(offset)},
});
