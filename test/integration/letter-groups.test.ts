import {afterAll, describe, expect, test} from '@jest/globals';
import fc from 'fast-check';
import {handId} from '../../src/core/hand.ts';
import {causeOf, otherGroup} from '../../src/core/letters/group.ts';
import {readLetter, toJson} from '../../src/core/parked-json.ts';
import type {DeadLetter} from '../../src/core/parked.ts';
import {createDeadLetters, type DeadLetterStage} from '../../src/stages/dead-letters/index.ts';
import {createHands} from '../../src/stages/hands/index.ts';
import {createState} from '../../src/stages/state/index.ts';
import {openRedis} from '../support/redis.ts';

const store = openRedis();
afterAll(() => store.close());

let number = 0;
function rig() {
  number += 1;
  const clock = {now: 1_795_000_000_000};
  const place = {...store, target: `g${number}`, now: () => clock.now};
  const letters = createDeadLetters(place);
  const key = (name: string): string => `{${store.prefix}:${place.target}}:${name}`;
  return {place, clock, letters, key};
}

const causes = ['400 invalidValue', '409 uniqueness', 'undecodable: damaged', 'exception'];
const letterOf = (offset: number, cause = 0, more: Partial<DeadLetter> = {}): DeadLetter => ({
  id: `events/0/${offset}`,
  target: 'wiki',
  subject: `u${offset % 3}`,
  kind: 'snapshot',
  saysMembers: false,
  failure: {kind: 'rejected', cause: causes[cause] ?? `${cause}`, message: `refused u${offset % 3}`},
  attempts: 1,
  firstAt: 1,
  at: 1,
  position: {source: 1, offset, occurredAt: offset},
  record: {
    ...{topic: 'events', partition: 0, offset, timestamp: 1, headers: {}},
    ...{key: Buffer.from(`u${offset % 3}`), value: Buffer.from('x')},
  },
  ...more,
});

/** The group's own, one member's, a manager's, and a cut-off by hand: their ids are names. */
const named = (what: 'sync' | 'member' | 'reference' | 'hand', cause: number): DeadLetter => {
  const plain = letterOf(0, cause, {subject: what === 'sync' || what === 'member' ? 'g' : 'u1'});
  delete plain.record;
  if (what === 'sync') return {...plain, id: 'g/members', kind: 'sync'};
  if (what === 'member')
    return {...plain, id: 'g/members/u2', kind: 'member', member: {subject: 'u2', add: true}};
  if (what === 'reference') return {...plain, id: 'u1/manager', kind: 'reference', managerId: 'boss'};
  return {...plain, id: handId('u1'), kind: 'cutOff', hand: {by: 'ann', at: 1}};
};

/** As a version before groups wrote it. */
async function addAsBefore({place, clock, key}: ReturnType<typeof rig>, letter: DeadLetter): Promise<void> {
  const {redis} = place;
  if ((await redis.hexists(key('dl'), letter.id)) === 1) return;
  await redis.hset(key('dl'), letter.id, toJson(letter));
  await redis.zadd(key('dlz'), 'NX', clock.now, letter.id);
  await redis.hincrby(key('dlc'), letter.failure.cause, 1);
  await redis.sadd(key(`dls:${letter.subject ?? ''}`), letter.id);
}

async function expectTruth({place, letters, key}: ReturnType<typeof rig>): Promise<void> {
  const kept = Object.values(await place.redis.hgetall(key('dl'))).map(readLetter);
  const truth = Map.groupBy(kept, (letter) => causeOf(letter).id);
  const groups = await letters.groups();
  expect(Object.fromEntries(groups.map(({id, count}) => [id, count]))).toEqual(
    Object.fromEntries([...truth].map(([id, {length}]) => [id, length])),
  );
  for (const {id} of groups) {
    const page = await letters.list({cause: id, limit: 1000});
    expect(page.letters.map((one) => one.id).sort()).toEqual(
      (truth.get(id) ?? []).map((one) => one.id).sort(),
    );
  }
  const byCause = Map.groupBy(kept, ({failure}) => failure.cause);
  expect(await letters.counts()).toEqual(
    Object.fromEntries([...byCause].map(([cause, {length}]) => [cause, length])),
  );
}

type Step = {do: string; offset: number; cause: number};
const steps = fc.array(
  fc.record<Step>({
    do: fc.constantFrom(
      'add',
      'add',
      'add',
      'old',
      'name',
      'remove',
      'retry',
      'overtaken',
      'settle',
      'mark',
      'lift',
      'enroll',
    ),
    offset: fc.nat(9),
    cause: fc.nat(3),
  }),
  {minLength: 5, maxLength: 40},
);

async function take(one: ReturnType<typeof rig>, {do: what, offset, cause}: Step): Promise<void> {
  const {letters, place, clock} = one;
  clock.now += offset * 1000;
  const id = `events/0/${offset}`;
  const name = named((['sync', 'member', 'reference', 'hand'] as const)[offset % 4] ?? 'sync', cause);
  if (what === 'add') await letters.add(letterOf(offset, cause));
  else if (what === 'old') await addAsBefore(one, letterOf(offset, cause));
  else if (what === 'name') await letters.add(name);
  else if (what === 'remove') await letters.remove([id, name.id]);
  else if (what === 'retry') await letters.retry([id, name.id]);
  else if (what === 'overtaken')
    await letters.closeOvertaken(
      `u${offset % 3}`,
      {source: 1, offset: offset + 3, occurredAt: 99},
      {members: true},
    );
  else if (what === 'settle') await settleGroup(place, letters);
  else if (what === 'mark')
    await createHands(place).mark('u1', {by: 'ann', at: clock.now}, {wake: () => Promise.resolve()});
  else if (what === 'lift') await createHands(place).lift('u1', {wake: () => Promise.resolve()});
  else await letters.enroll();
}

/** The target is told of a member: its letter, and the group's, are overtaken. */
async function settleGroup(place: ReturnType<typeof rig>['place'], letters: DeadLetterStage): Promise<void> {
  const state = createState({...place, leaseMs: 30_000, guard: {maxLeavers: 9, perMs: 1000}});
  const position = {source: 1, offset: 1, occurredAt: 1};
  const claim = {op: 'group' as const, subject: 'g', position, vector: Buffer.from('v'), force: true};
  const {replies} = await state.claim('token', [claim]);
  if (replies[0]?.verdict !== 'go') return;
  const settled = {
    subject: 'g',
    token: 'token',
    kind: 'group' as const,
    remoteId: 'r',
    active: true,
    moves: true,
  };
  const told = {added: ['u2'], removed: []};
  await state.settle([{...settled, position, vector: Buffer.from('v'), members: told, result: {done: true}}]);
  expect(await letters.get('g/members/u2')).toBeUndefined();
}

describe('groups of dead letters', () => {
  test('say what the letters say, whatever was done with them', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        const one = rig();
        for (const step of taken) await take(one, step);
        await one.letters.enroll();
        await expectTruth(one);
        const all = await one.letters.list({limit: 100});
        await one.letters.remove(all.letters.map(({id}) => id));
        expect(await store.redis.keys(one.key('dl*'))).toEqual([]);
      }),
      {numRuns: 40},
    );
  });

  test('tell since when, when last, how it goes, an example and what helps', async () => {
    const {letters, clock} = rig();
    await letters.add(letterOf(1));
    clock.now += 25 * 3_600_000;
    await letters.add(letterOf(2));
    await letters.add(letterOf(5, 0, {kind: 'cutOff'}));
    clock.now += 2 * 3_600_000;
    await letters.add(letterOf(4));
    const [leavers, rest] = await letters.groups();
    expect(leavers).toMatchObject({isCutOff: true, count: 1, example: 'events/0/5'});
    expect(rest).toMatchObject({
      ...{target: expect.any(String), kind: 'rejected', cause: '400 invalidValue', message: 'refused …'},
      ...{count: 3, firstAt: clock.now - 27 * 3_600_000, lastAt: clock.now, example: 'events/0/4'},
      ...{trend: [...Array<number>(21).fill(0), 1, 0, 1], advice: expect.stringContaining('retry')},
    });
  });

  test('of too many causes there is one for the others, which loses no letter', async () => {
    const {letters} = rig();
    await Promise.all(Array.from({length: 520}, (_, i) => letters.add(letterOf(i, 100 + i))));
    const other = (await letters.groups()).find(({id}) => id === otherGroup);
    expect(other).toMatchObject({count: 20, kind: 'other'});
    const {letters: others} = await letters.list({cause: otherGroup});
    expect(others).toHaveLength(20);
    const last = others.at(-1);
    expect((await letters.list({cause: last?.failure.cause})).letters).toEqual([last]);
    await letters.add({...(last ?? letterOf(0)), attempts: 7});
    await letters.remove(others.map(({id}) => id));
    expect(await letters.groups()).toHaveLength(500);
  });

  test('are paged, also from a place that is empty meanwhile, and of many in one millisecond', async () => {
    const {letters} = rig();
    await Promise.all(Array.from({length: 60}, (_, i) => letters.add(letterOf(i, i % 2))));
    const [group] = await letters.groups();
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await letters.list({cause: group?.id, limit: 7, cursor});
      seen.push(...page.letters.map(({id}) => id));
      await letters.remove([page.letters.at(-1)?.id ?? '']);
      cursor = page.cursor;
    } while (cursor !== undefined);
    expect(new Set(seen).size).toBe(30);
    expect(seen).toHaveLength(30);
  });

  test('letters of an older version are put into groups, also when that ends in the middle or two do it', async () => {
    const one = rig();
    for (let i = 0; i < 500; i += 1) await addAsBefore(one, letterOf(i, i % 3));
    const abort = new AbortController();
    const halted: DeadLetterStage = createDeadLetters({
      ...one.place,
      redis: new Proxy(store.redis, {
        get(redis, name) {
          if (name === 'hmget') abort.abort();
          const value: unknown = Reflect.get(redis, name);
          return typeof value === 'function' ? (value.bind(redis) as unknown) : value;
        },
      }),
    });
    const done = await halted.enroll(abort.signal);
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(500);
    const rest = await Promise.all([one.letters.enroll(), one.letters.enroll()]);
    expect(done + rest[0] + rest[1]).toBe(500);
    await expectTruth(one);
    expect(await one.letters.enroll()).toBe(0);
  });
});
