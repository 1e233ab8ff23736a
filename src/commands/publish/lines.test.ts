import {describe, expect, test} from '@jest/globals';
import type {Schema} from 'avsc';
import {createEncoder, readCanonicalSchema} from '../../stages/decode/index.ts';
import {readLines} from './lines.ts';

const encoder = createEncoder(JSON.parse(readCanonicalSchema()) as Schema);
const eventId = '2f1f7d5a-4f0b-4a3c-9a53-0d8a3f1c9f11';
const meta = {eventId, occurredAt: 1_790_000_000_000, source: 'hr'};
const user = {id: 'u1', userName: 'ada', active: true};

async function* from(...lines: string[]) {
  for (const line of lines) yield await Promise.resolve(line);
}
const read = (...values: unknown[]) =>
  readLines(from(...values.map((value) => JSON.stringify(value))), encoder);

describe('good lines', () => {
  test('take the defaults for what they leave out', async () => {
    const value = {
      ...meta,
      user: {...user, emails: [{value: 'a@example.com'}], attributes: {shift: 'night'}},
    };
    const {events, problems} = await read({key: 'u1', value});
    expect(problems).toEqual([]);
    expect(events).toMatchObject([
      {
        key: 'u1',
        event: {
          ...meta,
          group: null,
          user: {
            ...user,
            title: null,
            phoneNumbers: [],
            emails: [{value: 'a@example.com', type: null}],
            attributes: {shift: 'night'},
          },
        },
      },
    ]);
    const [line] = events;
    if (!line?.event) throw new Error('expected an event');
    expect([...encoder.frame(line.event, 258).subarray(0, 5)]).toEqual([0, 0, 0, 1, 2]);
  });

  test('may be tombstones, and empty ones do not count', async () => {
    const {events, problems} = await readLines(from('', '{"key": "u1", "value": null}', '  '), encoder);
    expect({events, problems}).toEqual({events: [{key: 'u1', event: null}], problems: []});
  });
});

test('every bad line is told with its number and its field', async () => {
  const {problems, events} = await read(
    {key: 'u1', value: {...meta, user}},
    {key: 'u1', value: {...meta, user: {...user, nickname: 'x'}}},
    {key: 'u1', value: {...meta, user: {...user, active: 'yes'}}},
    {key: 'u1', value: {...meta, user: {...user, emails: [{type: 'work'}]}}},
    {key: 'u1', value: {...meta, user: {...user, emails: null}}},
    {key: 'u1', value: {...meta, occurredAt: '2026-01-01', user}},
    {key: 'u1', value: {eventId, source: 'hr', user}},
    {key: 'u2', value: {...meta, user}},
    {key: 'u1', value: {...meta, eventId: 'e1', user}},
    {key: 'u1', value: {...meta, user, deletion: {id: 'u1', kind: 'user'}}},
    {key: 7, value: null},
    {key: 'u1'},
    {key: 'u1', value: 'x'},
    {key: 'u1', value: null, headers: {}},
    ['u1'],
  );
  expect(events).toHaveLength(1);
  expect(problems).toEqual([
    {line: 2, message: 'user.nickname: there is no such field'},
    {line: 3, message: 'user.active: expected true or false, found a text'},
    {line: 4, message: 'user.emails[0].value: is missing'},
    {line: 5, message: 'user.emails: expected a list, found null'},
    {line: 6, message: 'occurredAt: expected a whole number, found a text'},
    {line: 7, message: 'occurredAt: is missing'},
    {line: 8, message: "user.id differs from the record's key"},
    {line: 9, message: 'eventId: expected a UUID'},
    {line: 10, message: 'user and deletion are both set: expected one'},
    {line: 11, message: 'key: expected the id of the subject'},
    {line: 12, message: 'value: is missing; null is a tombstone'},
    {line: 13, message: 'value: expected an object, found a text'},
    {line: 14, message: 'headers: expected key and value alone'},
    {line: 15, message: 'expected an object'},
  ]);
  expect((await readLines(from('{'), encoder)).problems).toEqual([
    {line: 1, message: 'expected JSON: {"key": "…", "value": {…}}'},
  ]);
});
