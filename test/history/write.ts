/**
 * Prints what the program at this commit keeps in Redis of one target, as JSON: the fixture of its layout. At the commit whose
 * layout is about to become history:
 *   node test/history/write.ts redis://127.0.0.1:6379/9 > test/history/redis-LAYOUT.json
 * test/integration/layout.test.ts says of each fixture what has to be kept.
 */
import {Redis} from 'ioredis';
import type {LaneEntry} from '../../src/core/parked.ts';
import type {Claim, Settle} from '../../src/core/state.ts';
import {toJson} from '../../src/core/parked-json.ts';
import {createLog, createRedactor} from '../../src/log.ts';
import {createBookkeeping} from '../../src/stages/bookkeeping/index.ts';
import {createDeadLetters} from '../../src/stages/dead-letters/index.ts';
import {createHands} from '../../src/stages/hands/index.ts';
import {createHolds} from '../../src/stages/holds/index.ts';
import {createLanes} from '../../src/stages/lanes/index.ts';
import {createPauses} from '../../src/stages/pauses/index.ts';
import {createState} from '../../src/stages/state/index.ts';

const now = 1_795_000_000_000;
const key = '{history:t}:';
const redis = new Redis(process.argv[2] ?? '');
const where = {redis, prefix: 'history', target: 't', now: () => now};
const log = createLog({
  ...{level: 'error', redactor: createRedactor()},
  destination: {write: (line) => process.stderr.write(line)},
});

const state = createState({...where, leaseMs: 30_000, guard: {maxLeavers: 2, perMs: 60_000}});
const lanes = createLanes({...where, coalesce: true, log});
const letters = createDeadLetters(where);

const at = (offset: number) => ({source: 1, offset, occurredAt: 1_700_000_000_000 + offset});
const record = (subject: string, offset: number): NonNullable<LaneEntry['record']> => ({
  ...{topic: 'events', partition: 0, offset, timestamp: 1, headers: {}},
  ...{key: Buffer.from(subject), value: Buffer.from([0, 0, 0, 0, 1, 255])},
});

const claim = async (op: Claim['op'], subject: string, offset: number, more: Partial<Claim> = {}) => {
  const claimed = {op, subject, position: at(offset), vector: Buffer.from(`v${offset}`), ...more};
  const [reply] = (await state.claim('writer', [claimed])).replies;
  return reply?.verdict;
};
const settle = async (subject: string, offset: number, more: Partial<Settle> = {}): Promise<void> => {
  const settled = {subject, token: 'writer', kind: 'user' as const, position: at(offset), moves: true};
  const known = {remoteId: `remote-${subject}`, vector: Buffer.from(`v${offset}`), active: true};
  await state.settle([{...settled, ...known, result: {done: true}, ...more}]);
};
const entry = (subject: string, offset: number, kind: LaneEntry['kind']): LaneEntry => ({
  ...{id: `events/0/${offset}`, kind, saysMembers: false, record: record(subject, offset)},
  ...{position: at(offset), firstAt: now, attempts: 1, ageMs: 500},
});
const letter = (subject: string, offset: number, cause: string) => ({
  ...{id: `events/0/${offset}`, target: 't', subject, kind: 'snapshot' as const, saysMembers: false},
  ...{failure: {kind: 'rejected' as const, cause, message: cause}, attempts: 1, firstAt: now, at: now},
  ...{position: at(offset), record: record(subject, offset)},
});

/** As 0.1.0 did, whose letters stand in no group. */
async function addUngrouped(one: ReturnType<typeof letter>): Promise<void> {
  await redis.hset(`${key}dl`, one.id, toJson(one));
  await redis.zadd(`${key}dlz`, now, one.id);
  await redis.hincrby(`${key}dlc`, one.failure.cause, 1);
  await redis.sadd(`${key}dls:${one.subject}`, one.id);
}

async function write(): Promise<void> {
  const bookkeeping = createBookkeeping({...where, fsyncIntervalMs: 0});
  await bookkeeping.intern('events', 0, 0);
  await bookkeeping.saveWatermarks([{topic: 'events', partition: 0, watermark: 42}]);
  await redis.set(`${key}epoch`, 'the-epoch');
  await claim('user', 'here', 5, {managerId: 'boss'});
  await settle('here', 5);
  await claim('user', 'left', 6);
  await settle('left', 6);
  await claim('leave', 'left', 7);
  await settle('left', 7, {active: false, closesCutOff: true, endsMemberships: true, unwanted: true});
  await claim('user', 'leaving', 8);
  await settle('leaving', 8);
  await claim('leave', 'leaving', 9);
  await settle('leaving', 9, {result: {done: false, maybeDone: true, decided: true}, unwanted: true});
  await claim('user', 'held', 10);
  await settle('held', 10);
  await claim('leave', 'held', 11);
  await createHolds(where).hold(entry('held', 11, 'cutOff'), 'held');
  await claim('user', 'doubtful', 12);
  await claim('group', 'team', 13, {whole: ['here', 'absent']});
  await settle('team', 13, {kind: 'group', members: {added: ['here'], removed: []}});
  await claim('user', 'parked', 14);
  const release = {
    subject: 'parked',
    kind: 'user' as const,
    maybeDone: false,
    decided: true,
    unwanted: false,
  };
  await lanes.park({...release, token: 'writer', position: at(14)}, entry('parked', 14, 'delta'), 60_000);
  await lanes.park({...release, position: at(15)}, entry('parked', 15, 'delta'), 60_000);
  await letters.add(letter('dead', 16, '400 invalidValue'));
  await addUngrouped(letter('older', 17, '409 uniqueness'));
  await createHands(where).mark('marked', {by: 'ann', at: now, reason: 'lost laptop'}, lanes);
  await createPauses(where).pause('ann', 'a freeze');
}

/** Each key's content in base64, by its kind; not the timer's, which is BullMQ's own. */
async function read(name: string): Promise<object> {
  const text = (value: Buffer): string => value.toString('base64');
  const kind = await redis.type(name);
  const list = async (): Promise<Buffer[]> => {
    switch (kind) {
      case 'string':
        return [(await redis.getBuffer(name)) ?? Buffer.alloc(0)];
      case 'hash':
        return Object.entries(await redis.hgetallBuffer(name)).flatMap(([field, value]) => [
          Buffer.from(field),
          value,
        ]);
      case 'list':
        return redis.lrangeBuffer(name, 0, -1);
      case 'set':
        return redis.smembersBuffer(name);
      case 'zset':
        return (await redis.callBuffer('ZRANGE', name, '0', '-1', 'WITHSCORES')) as Buffer[];
      default:
        throw new Error(`${name} is a ${kind}`);
    }
  };
  return {name: name.slice(key.length), kind, values: (await list()).map(text)};
}

if ((await redis.dbsize()) > 0) throw new Error('expected an empty database');
await write();
await lanes.stop();
const names = (await redis.keys(`${key}*`)).filter((name) => !name.startsWith(`${key}lanes:`)).sort();
console.log(JSON.stringify(await Promise.all(names.map(read)), null, 1));
await redis.flushdb();
await redis.quit();
