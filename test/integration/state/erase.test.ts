import {afterEach, expect, test} from '@jest/globals';
import type {SourceRecord} from '../../../src/core/change.ts';
import type {DeadLetter, LaneEntry, Release} from '../../../src/core/parked.ts';
import {createDeadLetters} from '../../../src/stages/dead-letters/index.ts';
import {createLanes, type LaneStage} from '../../../src/stages/lanes/index.ts';
import {readSubject} from '../../../src/stages/state/subject.ts';
import {at, leave, stateRig, user, vector} from './rig.ts';

const {claim, leaver, present, presentGroup, rig, settle} = stateRig();

const ignore = (): void => undefined;
const log = {debug: ignore, info: ignore, warn: ignore, error: ignore};
const opened: LaneStage[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((lanes) => lanes.stop()));
});

const personal = 'Countess';
const recordAt = (offset: number): SourceRecord => ({
  ...{topic: 'events', partition: 0, offset, timestamp: 1, headers: {note: personal}},
  ...{key: Buffer.from('ada'), value: Buffer.from(personal)},
});
const failure: DeadLetter['failure'] = {
  kind: 'rejected',
  cause: '400',
  message: `no ${personal}`,
  exchange: {
    method: 'POST',
    url: 'https://wiki.example',
    requestBody: JSON.stringify({displayName: personal}),
    answerBody: personal,
  },
};
const entry = (offset: number, more: Partial<LaneEntry> = {}): LaneEntry => ({
  ...{id: `events/0/${offset}`, kind: 'snapshot', saysMembers: false, record: recordAt(offset)},
  ...{position: at(offset), firstAt: 1, attempts: 1, ageMs: 1, failure},
  ...more,
});
const release = (subject: string, offset: number): Release => ({
  ...{subject, kind: 'user', position: at(offset)},
  ...{maybeDone: false, decided: false, unwanted: false},
});
async function park(...entries: LaneEntry[]): Promise<void> {
  const lanes = createLanes({...rig.where, coalesce: false, log});
  opened.push(lanes);
  for (const one of entries) await lanes.park(release('ada', one.position.offset), one, 60_000);
}
async function letter(offset: number, more: Partial<DeadLetter> = {}): Promise<void> {
  const one = {...entry(offset), target: 't', subject: 'ada', at: 1, failure, ...more};
  await createDeadLetters(rig.where).add(one);
}
async function erase(isForced = false): Promise<{was: string[]; erased: boolean}> {
  const seen = await rig.erasures.look('ada');
  const was = seen.objections.map(({kind}) => kind);
  if (was.length > 0 && !isForced) return {was, erased: false};
  return {was, erased: await rig.erasures.erase('ada', seen)};
}
/** Everything that is kept of the target, as text, with bytes that are kept in base64 as they are. */
async function kept(): Promise<string> {
  const {redis, prefix} = rig.where;
  const texts: string[] = [];
  const readers: Record<string, (key: string) => Promise<unknown>> = {
    hash: (key) => redis.hgetall(key),
    list: (key) => redis.lrange(key, 0, -1),
    set: (key) => redis.smembers(key),
    zset: (key) => redis.zrange(key, 0, '-1'),
  };
  for (const key of await redis.keys(`{${prefix}:t}:*`)) {
    const read = readers[await redis.type(key)];
    if (read) texts.push(key, JSON.stringify(await read(key)));
  }
  const all = texts.join('\n');
  const encoded = all.match(/[A-Za-z0-9+/]{8,}={0,2}/g) ?? [];
  return [all, ...encoded.map((text) => String(Buffer.from(text, 'base64')))].join('\n');
}

test('of a leaver only the position stays: no old event is believed again, a newer one is', async () => {
  await leaver('ada');
  await letter(3);
  await park(entry(4), entry(5));
  expect(await kept()).toContain(personal);
  expect(await erase()).toEqual({was: [], erased: true});

  expect(await kept()).not.toMatch(/Countess|remote-ada/);
  const known = await readSubject(rig.where, 'ada');
  expect(known).toMatchObject({lane: [], letters: [], erasedAt: rig.now});
  expect(known.state).toMatchObject({active: false, unwanted: true, position: at(5), groups: []});
  expect(known.state).not.toHaveProperty('remoteId');
  for (const offset of [1, 2, 5]) {
    expect((await claim(user('ada', offset, 'old'))).verdict).toBe('superseded');
    expect((await claim(leave('ada', offset))).verdict).toBe('superseded');
  }
  expect(await rig.holds.hold(entry(5, {kind: 'cutOff'}), 'ada')).toBe('overtaken');
  expect(await rig.erasures.look('ada')).toMatchObject({isEmpty: true});

  expect((await claim(user('ada', 6, 'new'))).verdict).toBe('go');
  await settle({subject: 'ada', position: at(6), remoteId: 'r2', vector: vector('new')});
  expect((await claim(user('ada', 6, 'new'))).verdict).toBe('unchanged');
  expect(await readSubject(rig.where, 'ada')).not.toHaveProperty('erasedAt');
});

test('whoever is erased and leaves again is looked for at the target: nothing of them is known here', async () => {
  await leaver('ada');
  await erase();
  expect(await claim(leave('ada', 6))).toMatchObject({verdict: 'go'});
});

test('somebody of whom nothing was decided but letters: their events are fenced too', async () => {
  await letter(7, {kind: 'undecodable'});
  expect(await erase()).toEqual({was: [], erased: true});
  expect((await claim(user('ada', 7, 'old'))).verdict).toBe('superseded');
});

test('an account that is active is not given up; forced, it is known on, so that it can be ended', async () => {
  await present('ada');
  await park(entry(2));
  expect(await erase()).toEqual({was: ['active'], erased: false});
  expect(await erase(true)).toEqual({was: ['active'], erased: true});
  expect(await kept()).not.toContain(personal);
  const left = await claim(leave('ada', 3));
  expect(left).toMatchObject({verdict: 'go', remoteId: 'remote-ada'});
  expect(left.cutOffBegunAt).toBeDefined();
});

test('a cut-off that is open is not given up; forced, it goes on without the person’s data', async () => {
  await present('ada');
  const begun = await claim(leave('ada', 2), 'b');
  expect(begun.cutOffBegunAt).toBeDefined();
  await settle({
    subject: 'ada',
    token: 'b',
    position: at(2),
    result: {done: false, maybeDone: false, decided: false},
  });
  await park(entry(2, {kind: 'cutOff'}), entry(3));
  await letter(2, {id: 'ada/cut-off', kind: 'cutOff', hand: {by: 'ops', at: 1, reason: personal}});
  expect(await erase()).toEqual({was: ['active', 'cutOff'], erased: false});
  expect(await erase(true)).toMatchObject({erased: true});

  expect(await kept()).not.toContain(personal);
  const [head, ...more] = await rig.lane('ada');
  expect(more).toEqual([]);
  expect(head).toMatchObject({kind: 'cutOff', record: {offset: 2, value: null, headers: {}}});
  expect(await rig.erasures.look('ada')).toMatchObject({isEmpty: true, isPartial: true});
  const again = await claim(leave('ada', 2, {fromLane: true}));
  expect(again).toMatchObject({verdict: 'go', remoteId: 'remote-ada'});
  const ended = {active: false, closesCutOff: true, endsMemberships: true, unwanted: true};
  await settle({subject: 'ada', position: at(2), remoteId: 'remote-ada', ...ended});
});

test('a leave that is held can still be approved when its data is erased by force', async () => {
  await present('ada');
  await rig.holds.hold(entry(2, {kind: 'cutOff'}), 'ada');
  expect((await erase()).was).toEqual(['active', 'held']);
  await erase(true);
  expect(await kept()).not.toContain(personal);
  expect((await rig.holds.read('ada'))?.entry).toMatchObject({kind: 'cutOff', record: {value: null}});
});

test('what a cut-off by hand bars goes, and why it was asked for; the mark stays', async () => {
  const lanes = {wake: () => Promise.resolve()};
  await rig.hands.mark('ada', {by: 'ops@desk', at: 1, reason: personal}, lanes);
  expect((await erase()).was).toEqual(['cutOff']);
  const gone = await claim({
    op: 'leave',
    subject: 'ada',
    position: at(-1, 0),
    vector: vector(''),
    byHand: true,
    fromLane: true,
  });
  expect(gone.verdict).toBe('go');
  await settle({
    subject: 'ada',
    position: at(-1, 0),
    active: false,
    absent: true,
    closesCutOff: true,
    moves: false,
  });
  await rig.where.redis.del(`{${rig.where.prefix}:t}:lane:ada`);
  await rig.holds.hold(entry(2, {isBarred: true}), 'ada');
  expect(await erase()).toEqual({was: [], erased: true});
  expect(await kept()).not.toContain(personal);
  expect(await rig.hands.read('ada')).toEqual({by: 'ops@desk', at: 1});
  expect(await rig.holds.read('ada')).toBeUndefined();
});

test('nobody waits for a group any more: the same list is no news, a newer one is', async () => {
  await presentGroup('g');
  const lists = (offset: number) =>
    claim({op: 'group', subject: 'g', position: at(offset), vector: vector('g1'), whole: ['ada']});
  await leaver('ada');
  await lists(3);
  expect((await rig.erasures.look('ada')).waitsForGroups).toEqual(['g']);
  await erase();
  await lists(3);
  expect((await readSubject(rig.where, 'ada')).waitsForGroups).toEqual([]);
  await lists(4);
  expect((await readSubject(rig.where, 'ada')).waitsForGroups).toEqual(['g']);
});

test('a letter about somebody as a member of a group is theirs; one about another is not', async () => {
  const member = {subject: 'g', kind: 'member'} as const;
  await letter(1, {...member, id: 'g/members/ada', member: {subject: 'ada', add: true}});
  await letter(1, {...member, id: 'g/members/lada', member: {subject: 'lada', add: true}});
  await letter(1, {
    ...member,
    id: 'g/members/x/members/ada2',
    member: {subject: 'x/members/ada2', add: true},
  });
  expect((await rig.erasures.look('ada')).letters.map(({id}) => id)).toEqual(['g/members/ada']);
  await erase();
  const {letters} = await createDeadLetters(rig.where).list({});
  expect(letters.map(({id}) => id).sort()).toEqual(['g/members/lada', 'g/members/x/members/ada2']);
});

test('work that is under way is waited for, and what came since the look is not erased unseen', async () => {
  await letter(1);
  const seen = await rig.erasures.look('ada');
  await letter(2);
  expect(await rig.erasures.erase('ada', seen)).toBe(false);
  const both = await rig.erasures.look('ada');
  await claim(user('ada', 3, 'v1'));
  expect(await rig.erasures.erase('ada', both)).toBe(false);
  expect(await rig.erasures.look('ada')).toMatchObject({isBusy: true, objections: [{kind: 'doubt'}]});
  expect((await createDeadLetters(rig.where).list({})).letters).toHaveLength(2);
});

test('a group is not erased', async () => {
  await presentGroup('g');
  expect((await rig.erasures.look('g')).objections).toEqual([{kind: 'group'}]);
});
