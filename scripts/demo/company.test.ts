import {describe, expect, test} from '@jest/globals';
import {readCanonicalSchema, createEncoder} from '../../src/stages/decode/index.ts';
import {readStatement} from '../../src/core/statement.ts';
import type {Schema} from 'avsc';
import {planMonth, unwelcome, workingDays, type Step} from './calendar.ts';
import type {Keyed} from './company.ts';

const days = planMonth(7);
const steps = days.flatMap((day) => day.steps);
const isEvent = (step: Step): step is Step & Keyed => step.kind === 'event';
const events = steps.filter(isEvent);

describe('the month', () => {
  test('fills every working day', () => {
    expect(days.map(({number}) => number)).toEqual(workingDays);
    expect(days.every((day) => day.steps.length > 0)).toBe(true);
  });

  test('is the same for a seed, and another for another', () => {
    expect(planMonth(7)).toEqual(days);
    expect(planMonth(8)).not.toEqual(days);
  });

  test('is made of events that the schema and the program take', () => {
    const encoder = createEncoder(JSON.parse(readCanonicalSchema()) as Schema);
    for (const {key, event} of events) {
      const read = encoder.read({...event, occurredAt: 1});
      expect(read).toMatchObject({ok: true});
      if (read.ok) expect(readStatement(read.value, key)).toMatchObject({ok: true, value: {subject: key}});
    }
    expect(new Set(events.map(({event}) => event.eventId)).size).toBe(events.length);
  });

  test('has 60 accounts, leavers and one who comes back', () => {
    const users = events.flatMap(({event}) => event.user ?? []);
    const ids = new Set(users.map(({id}) => id));
    const left = users.filter(({active}) => !active).map(({id}) => id);
    const back = left.filter((id) => users.findLast((user) => user.id === id)?.active);
    expect(ids.size).toBe(60);
    expect(left).toHaveLength(5);
    expect(back).toHaveLength(1);
  });

  test('names some before their manager, and a group before its members', () => {
    const position = (id: string): number => events.findIndex(({key}) => key === id);
    const users = events.flatMap(({event}) => event.user ?? []);
    expect(users.some(({id, enterprise}) => position(enterprise?.managerId ?? id) > position(id))).toBe(true);
    const [group] = events.flatMap(({event}) => event.group ?? []);
    expect(group?.members?.every((id) => position(id) > position(group.id))).toBe(true);
  });

  test('has one record of bytes, one refusal, and an outage that ends', () => {
    const others = steps.filter((step) => step.kind !== 'event');
    expect(others).toMatchObject([
      {kind: 'bytes'},
      {kind: 'outage', target: 'helpdesk', begins: true},
      {kind: 'outage', target: 'helpdesk', begins: false},
      {kind: 'refuse', target: 'wiki', userName: unwelcome},
    ]);
  });
});
