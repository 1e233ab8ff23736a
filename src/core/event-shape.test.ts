import {readFileSync} from 'node:fs';
import {expect, test} from '@jest/globals';
import {groupShape, userShape} from './event-shape.ts';
import {shapeOfAvro} from './expression.ts';

test('users and groups have the fields of the schema', () => {
  const text = readFileSync(new URL('../../schemas/identity-event.avsc', import.meta.url), 'utf8');
  const event = shapeOfAvro(JSON.parse(text));
  const fields = event.is === 'record' ? event.fields : new Map();
  expect(userShape).toEqual(fields.get('user'));
  expect(groupShape).toEqual(fields.get('group'));
});
