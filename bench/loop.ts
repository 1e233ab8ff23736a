import {fork} from 'node:child_process';
import {createHash, randomUUID} from 'node:crypto';
import {once} from 'node:events';
import {fileURLToPath} from 'node:url';
import {SchemaRegistry} from '@kafkajs/confluent-schema-registry';
import {Redis} from 'ioredis';
import {Kafka, logLevel, type KafkaMessage} from 'kafkajs';
import {Pool} from 'undici';
import type {IdentityEvent} from '../src/core/event.ts';
import {dropCharge, takeCharge} from '../scripts/services/charges.ts';

/** What the loop is given, and runs until so many events are at the target. */
export interface LoopSetting {
  brokers: readonly string[];
  topic: string;
  registryUrl: string;
  redisUrl: string;
  prefix: string;
  targetUrl: string;
  count: number;
  inFlight: number;
}

/**
 * Events a second of the least that can do the job at all, in a process of its own: KafkaJS, decode, a claim and a settle a
 * batch by Lua, undici. Order and a position are kept; nothing is compared, tried again, audited, counted or cut off.
 */
export async function loopRate(setting: LoopSetting): Promise<number> {
  const child = fork(fileURLToPath(import.meta.url), {
    stdio: 'inherit',
    execArgv: ['--disable-warning=TimeoutNegativeWarning'],
  });
  const charge = {kind: 'process', pid: child.pid ?? 0} as const;
  takeCharge(charge);
  const exit = once(child, 'exit');
  const reply = once(child, 'message') as Promise<[{rate: number}]>;
  child.send(setting);
  const gone = exit.then(() => Promise.reject(new Error('the loop has ended')));
  const [{rate}] = await Promise.race([reply, gone]);
  gone.catch(() => undefined);
  child.disconnect();
  await exit;
  dropCharge(charge);
  return rate;
}

const claim = `local out = {}
for i = 1, #ARGV, 2 do
  local known = redis.call('HMGET', KEYS[1] .. ARGV[i], 'id', 'offset')
  if known[2] and tonumber(known[2]) >= tonumber(ARGV[i + 1]) then out[#out + 1] = 'old'
  else
    redis.call('HSET', KEYS[1] .. ARGV[i], 'lease', ARGV[i + 1])
    out[#out + 1] = known[1] or ''
  end
end
return out`;
const settle = `for i = 1, #ARGV, 3 do
  redis.call('HSET', KEYS[1] .. ARGV[i], 'id', ARGV[i + 1], 'offset', ARGV[i + 2], 'lease', '')
end
return {}`;
const batchSize = 200;

/** Runs so many at a time, the others in their turn. */
function slots(room: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = room;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve));
    else free -= 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}

/** Sends a user: made where no id is known. Resolves to the id. */
function sender({targetUrl, inFlight}: LoopSetting) {
  const {origin, pathname} = new URL(targetUrl);
  const pool = new Pool(origin, {connections: inFlight, pipelining: 1});
  const headers = {'content-type': 'application/scim+json', authorization: 'Bearer bench'};
  const inSlot = slots(inFlight);
  return ({user}: IdentityEvent, id: () => Promise<string>): Promise<string> =>
    inSlot(async () => {
      const known = await id();
      const body = JSON.stringify({...user, schemas: ['urn:ietf:params:scim:schemas:core:2.0:User']});
      const path = known === '' ? `${pathname}/Users` : `${pathname}/Users/${known}`;
      const answer = await pool.request({method: known === '' ? 'POST' : 'PUT', path, body, headers});
      const text = await answer.body.text();
      return known === '' ? (JSON.parse(text) as {id: string}).id : known;
    });
}

/** Makes a batch true at the target, each person's in order. */
function handler(setting: LoopSetting): (messages: readonly KafkaMessage[]) => Promise<void> {
  const redis = new Redis(setting.redisUrl);
  const registry = new SchemaRegistry({host: setting.registryUrl});
  const send = sender(setting);
  const run = async (script: string, args: readonly string[]): Promise<string[]> => {
    const digest = createHash('sha1').update(script).digest('hex');
    const known = redis.evalsha(digest, 1, setting.prefix, ...args);
    return (await known.catch(() => redis.eval(script, 1, setting.prefix, ...args))) as string[];
  };
  return async (messages) => {
    const asked = messages.flatMap(({key, offset}) => [String(key), offset]);
    const ids = await run(claim, asked);
    const last = new Map<string, Promise<string>>();
    const ends = messages.map(({key, value}, n) => {
      const before = last.get(String(key)) ?? Promise.resolve(ids[n] ?? '');
      const end = registry
        .decode(value ?? Buffer.alloc(0))
        .then((event) => send(event as IdentityEvent, () => before));
      last.set(String(key), end);
      return end;
    });
    const made = await Promise.all(ends);
    await run(
      settle,
      messages.flatMap(({key, offset}, n) => [String(key), made[n] ?? '', offset]),
    );
  };
}

/** The child's side: says its rate once all is done. */
async function loop(setting: LoopSetting): Promise<number> {
  const handle = handler(setting);
  const kafka = new Kafka({brokers: [...setting.brokers], logLevel: logLevel.NOTHING});
  const consumer = kafka.consumer({groupId: `${setting.prefix}-${randomUUID()}`});
  await consumer.connect();
  await consumer.subscribe({topic: setting.topic, fromBeginning: true});
  let begun: number | undefined;
  let settled = 0;
  await new Promise<void>((resolve, reject) => {
    consumer
      .run({
        partitionsConsumedConcurrently: 6,
        eachBatch: async (payload) => {
          const {messages} = payload.batch;
          begun ??= performance.now();
          for (let from = 0; from < messages.length; from += batchSize) {
            const some = messages.slice(from, from + batchSize);
            await handle(some);
            payload.resolveOffset(some.at(-1)?.offset ?? '');
            await payload.heartbeat();
            settled += some.length;
            if (settled >= setting.count) resolve();
          }
        },
      })
      .catch(reject);
  });
  return (settled * 1000) / (performance.now() - (begun ?? 0));
}

if (import.meta.main && process.send !== undefined) {
  process.once('disconnect', () => process.exit(0));
  process.once('message', (setting: LoopSetting) => {
    void loop(setting).then((rate) => process.send?.({rate}));
  });
}
