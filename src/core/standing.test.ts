import {describe, expect, test} from '@jest/globals';
import type {KnownSubject} from './known-subject.ts';
import type {DeadLetter, LaneEntry} from './parked.ts';
import {standingOf, type Around, type Standing} from './standing.ts';

const hour = 3_600_000;
const now = 100 * hour;
const later = {source: 1, offset: 8, occurredAt: 1};
const around: Around = {target: 'wiki', now, maxAgeMs: 72 * hour};
const position = {source: 1, offset: 7, occurredAt: 90 * hour};
const none: NonNullable<KnownSubject['state']> = {
  ...{kind: 'user', active: true, absent: false, unwanted: false},
  ...{inDoubt: false, isProtected: false, position, groups: []},
};
const here = {...none, remoteId: 'r1'};
const without = {...none, active: false, unwanted: true};
const nothing: KnownSubject = {waitsForGroups: [], isLeased: false, lane: [], letters: []};
const entry = (kind: LaneEntry['kind'], more: Partial<LaneEntry> = {}): LaneEntry => ({
  ...{id: 'events/0/7', kind, saysMembers: false, position, firstAt: 95 * hour, attempts: 3, ageMs: hour},
  failure: {kind: 'transient', cause: '500', message: 'the target has an error of its own'},
  ...more,
});
const letter = (kind: DeadLetter['kind']): DeadLetter => ({
  ...{id: 'events/0/7', target: 'wiki', kind, saysMembers: false, attempts: 1, firstAt: 1, position},
  ...{at: 96 * hour, failure: {kind: 'rejected', cause: '400', message: 'refused'}},
});
const leaver: KnownSubject = {...nothing, state: {...here, unwanted: true}};
const begun: KnownSubject = {...leaver, cutOffBegunAt: 94 * hour};
const mark = {by: 'ops@desk', at: 93 * hour};
const out: KnownSubject = {...nothing, state: {...here, active: false, unwanted: true}};
const paused = {by: 'ops@desk', at: 1};

type Case = [string, KnownSubject, Partial<Around>, Partial<Standing> & {says?: string[]}];

describe('somebody who left and still has access: why, since when, and what comes next', () => {
  test.each<Case>([
    [
      'held by the guard',
      {...leaver, held: entry('cutOff'), heldAt: 95 * hour},
      {},
      {access: 'yes', since: 95 * hour, says: ['guard', 'avro-scim holds approve u1']},
    ],
    [
      'refused by the target',
      {...begun, letters: [letter('cutOff')]},
      {},
      {access: 'maybe', since: 94 * hour, says: ['400, refused', 'dead-letters retry events/0/7']},
    ],
    [
      'failing for a passing reason',
      {...begun, lane: [entry('cutOff')], laneDueAt: now + 60_000},
      {},
      {
        access: 'maybe',
        since: 94 * hour,
        says: ['500', '3 attempts', 'tried again 1970-01-05T04:01:00', '72 h'],
      },
    ],
    [
      'refused before anybody saw whether it has an account',
      {...nothing, state: without, letters: [letter('cutOff')]},
      {},
      {access: 'maybe', says: ['has an account there is not known', '400, refused']},
    ],
    [
      'failing before anybody saw whether it has an account',
      {...nothing, lane: [entry('cutOff')], laneDueAt: now + 60_000},
      {},
      {access: 'maybe', since: 95 * hour, says: ['500', 'tried again']},
    ],
    [
      'of an id that a shell would take apart',
      {...nothing, state: without, letters: [{...letter('cutOff'), id: "events/O'Brien x"}]},
      {},
      {says: [`dead-letters retry 'events/O'\\''Brien x' --target wiki`]},
    ],
    ['overdue', {...begun, lane: [entry('cutOff')], laneDueAt: 5}, {}, {says: ['tried at once']}],
    ['tried now', {...begun, isLeased: true, lane: [entry('cutOff')]}, {}, {says: ['being tried now']}],
    [
      'at a shut gate',
      {...begun, lane: [entry('cutOff')]},
      {shut: '503: it is down'},
      {says: ['gate opens', '503: it is down']},
    ],
    [
      'at a paused target',
      {...begun, lane: [entry('cutOff')]},
      {paused},
      {says: ['avro-scim target resume wiki', 'ops@desk']},
    ],
    ['being cut off', {...begun, isLeased: true}, {}, {access: 'maybe', says: ['being carried out']}],
    [
      'left behind by a crash',
      begun,
      {},
      {access: 'maybe', says: ['nobody has finished', 'subject replay u1']},
    ],
    [
      'protected',
      {...nothing, state: {...here, unwanted: true, isProtected: true}},
      {},
      {access: 'yes', since: 90 * hour, says: ['protects', 'by hand']},
    ],
    ['discarded', leaver, {}, {access: 'yes', says: ['a person discarded', 'subject replay u1']}],
    [
      'in doubt',
      {...nothing, state: {...here, active: false, unwanted: true, inDoubt: true}},
      {},
      {access: 'maybe', says: ['not known']},
    ],
    [
      'a record that may be the leave',
      {...nothing, state: here, letters: [{...letter('undecodable'), position: later}]},
      {},
      {access: 'yes', says: ['may be its leave']},
    ],
    [
      'marked, not reached yet',
      {...begun, mark, lane: [entry('cutOff', {id: 'u1/cut-off', attempts: 1})]},
      {},
      {access: 'maybe', says: ['1 attempt)']},
    ],
  ])('%s', (_, known, more, {says = [], ...expected}) => {
    const standing = standingOf('u1', known, {...around, ...more});
    expect(standing).toMatchObject({isLate: true, ...expected});
    expect(standing.since).toEqual(expect.any(Number));
    for (const part of says) expect(`${standing.why}; ${standing.next}`).toContain(part);
  });
});

describe('everybody else', () => {
  test.each<Case>([
    ['nobody', nothing, {}, {access: 'no', says: ['nothing was decided']}],
    [
      'a joiner',
      {...nothing, state: here},
      {},
      {access: 'yes', says: ['its last event of 1970-01-04T18:00:00.000Z says so', 'not known here']},
    ],
    ['whose events were all read', {...nothing, state: here}, {waiting: 0}, {says: ['nothing; every event']}],
    [
      'whose leave may wait in Kafka at a paused target',
      {...nothing, state: here},
      {paused, waiting: 3},
      {says: ['avro-scim target resume wiki', '3 records wait in Kafka, news of it may be among them']},
    ],
    [
      'or at a shut gate',
      {...nothing, state: here},
      {shut: '503: down', waiting: 1},
      {says: ['503: down', '1 record waits']},
    ],
    [
      'one of whom an old record could not be read',
      {...nothing, state: here, letters: [{...letter('undecodable'), position: {...later, offset: 6}}]},
      {},
      {access: 'yes', says: ['needs a person']},
    ],
    [
      'one whose event is of no date',
      {...nothing, state: {...here, position: {...position, occurredAt: 1e20}}},
      {},
      {says: ['+275760']},
    ],
    [
      'one whose news waits',
      {...nothing, state: here, lane: [entry('snapshot')], laneDueAt: now + 1},
      {},
      {access: 'yes', since: 95 * hour, says: ['500', 'tried again']},
    ],
    [
      'one who can not be made',
      {...nothing, letters: [letter('snapshot')]},
      {},
      {access: 'no', says: ['not there', 'dead-letters show events/0/7']},
    ],
    [
      'one who could not be made twice: since the first',
      {...nothing, letters: [{...letter('snapshot'), at: 60 * hour}, letter('snapshot')]},
      {},
      {access: 'no', since: 60 * hour, says: ['not there', 'dead-letters show events/0/7']},
    ],
    [
      'one whose cut-off was refused, and whom the target was seen not to have since',
      {...nothing, state: {...without, absent: true}, letters: [letter('cutOff')]},
      {},
      {access: 'no', says: ['not there']},
    ],
    ['cut off', out, {}, {access: 'no', says: ['read back']}],
    [
      'erased',
      {...nothing, state: without, erasedAt: 99 * hour},
      {waiting: 0},
      {access: 'no', says: ['was erased 1970-01-05T03:00:00.000Z', 'every event']},
    ],
    ['to be deleted', {...out, deleteAt: 0}, {}, {access: 'no', says: ['deleted 1970-01-01']}],
    [
      'cut off by hand',
      {...nothing, state: {...here, active: false}, mark, held: entry('snapshot', {isBarred: true})},
      {},
      {access: 'no', since: 93 * hour, says: ['ops@desk', 'held until that is lifted']},
    ],
    ['skipped', {...nothing, state: without}, {}, {access: 'no', says: ['no user is wanted']}],
    ['a group', {...nothing, state: {...here, kind: 'group', active: false}}, {}, {access: 'yes'}],
  ])('%s', (_, known, more, {says = [], ...expected}) => {
    const standing = standingOf('u1', known, {...around, ...more});
    expect(standing).toMatchObject({isLate: false, ...expected});
    for (const part of says) expect(`${standing.why}; ${standing.next}`).toContain(part);
  });
});
