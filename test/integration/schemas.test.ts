import {randomUUID} from 'node:crypto';
import {readdirSync, readFileSync} from 'node:fs';
import {describe, expect, test} from '@jest/globals';
import avro, {type Schema} from 'avsc';
import {readCanonicalSchema} from '../../src/stages/decode/index.ts';
import {services} from '../support/services.ts';

const historyFolder = new URL('../../schemas/history/', import.meta.url);
const versionOf = (file: string) => Number.parseInt(file, 10);
const history = readdirSync(historyFolder).sort((a, b) => versionOf(a) - versionOf(b));
const read = (file: string) => readFileSync(new URL(file, historyFolder), 'utf8');

async function ask<T>(method: string, path: string, body: object): Promise<T> {
  const headers = {'content-type': 'application/vnd.schemaregistry.v1+json'};
  const answer = await fetch(services().registryUrl + path, {method, headers, body: JSON.stringify(body)});
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text) as T;
}

/** A subject that holds one schema, and whether the registry takes another one beside it at a level. */
async function isCompatible(level: string, held: string, wanted: string): Promise<boolean> {
  const subject = `test-${randomUUID()}-value`;
  await ask('POST', `/subjects/${subject}/versions`, {schema: held});
  await ask('PUT', `/config/${subject}`, {compatibility: level});
  const path = `/compatibility/subjects/${subject}/versions/latest`;
  return (await ask<{is_compatible: boolean}>('POST', path, {schema: wanted})).is_compatible;
}

test('the newest version of the history is the schema', () => {
  const newest = history.at(-1) ?? '';
  expect(history).toEqual(history.map((_file, index) => `${index + 1}.avsc`));
  expect(JSON.parse(read(newest))).toEqual(JSON.parse(readCanonicalSchema()));
});

test('every field has a doc string, and no union more than null and one type', () => {
  const visit = (node: unknown): void => {
    if (Array.isArray(node) && node.some((part) => part === 'null')) expect(node).toHaveLength(2);
    if (typeof node !== 'object' || node === null) return;
    if ('fields' in node && Array.isArray(node.fields)) {
      for (const field of node.fields as object[])
        expect(field).toMatchObject({doc: expect.stringMatching(/\w.*\.$/)});
    }
    Object.values(node).forEach(visit);
  };
  const schema = JSON.parse(readCanonicalSchema()) as Schema;
  visit(schema);
  expect(avro.Type.forSchema(schema).name).toBe('avroscim.IdentityEvent');
});

describe.each(history)('beside version %s', (file) => {
  test.each(['BACKWARD', 'FORWARD'])('the registry finds the schema %s compatible', async (level) => {
    expect(await isCompatible(level, read(file), readCanonicalSchema())).toBe(true);
  });
});

test('the registry refuses what the README forbids', async () => {
  const schema = JSON.parse(readCanonicalSchema()) as {fields: object[]};
  const without = JSON.stringify({...schema, fields: schema.fields.slice(1)});
  const withRequired = JSON.stringify({
    ...schema,
    fields: [...schema.fields, {name: 'extra', type: 'string'}],
  });
  expect(await isCompatible('FORWARD', readCanonicalSchema(), without)).toBe(false);
  expect(await isCompatible('BACKWARD', readCanonicalSchema(), withRequired)).toBe(false);
});
