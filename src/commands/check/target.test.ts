import {utimesSync, writeFileSync} from 'node:fs';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {expect, test} from '@jest/globals';
import {z} from 'zod';
import {configSchema} from '../../config/schema.ts';
import type {TargetConfig} from '../../config/schema.ts';
import type {Connector} from '../../core/connector.ts';
import {checkTarget} from './target.ts';

const silent = (): void => undefined;
const log = {debug: silent, info: silent, warn: silent, error: silent};

const checkDesks = async (create: Connector['create'], secretFiles: string[] = []) => {
  const file = configSchema.parse({targets: {desks: {connector: './desks', config: {}}}});
  const desks = file.targets['desks'];
  if (desks === undefined) throw new Error('the config of this test has desks');
  const target: TargetConfig = {...file, ...desks, name: 'desks', secretFiles} as never;
  const manifest: Connector['manifest'] = {
    id: 'desks',
    summary: 'For a test.',
    configSchema: z.object({}),
    capabilities: {users: true, groups: true, deactivate: true, delete: true},
    links: [],
  };
  const signal = new AbortController().signal;
  return checkTarget({...target, request: file.request}, {manifest, create}, log, signal);
};

test('a connector that throws is wrong, and its service is not called unreachable', async () => {
  const found = await checkDesks(() => {
    throw new TypeError('desks.map is not a function');
  });
  expect(found).toEqual([
    {
      check: 'target desks',
      verdict: 'wrong',
      detail: 'the connector threw desks.map is not a function (exception)',
    },
  ]);
});

const day = 86_400_000;
const answering = (more: object) => () =>
  ({check: () => Promise.resolve({ok: true, value: {summary: 'Desks answer', ...more}})}) as never;

test('how old the credential is, as the vendor tells', async () => {
  const [found] = await checkDesks(
    answering({credentialCreatedAt: Date.now() - 3.5 * day, credentialExpiresAt: Date.parse('2030-01-01')}),
  );
  expect(found?.detail).toBe(
    'Desks answer; the credential is 3 day(s) old; the credential ends 2030-01-01T00:00:00.000Z',
  );
});

test('or as old as its file, where no vendor tells', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'check-target-'));
  try {
    const file = join(folder, 'token');
    writeFileSync(file, 'of-a-test');
    const at = new Date(Date.now() - 10.5 * day);
    utimesSync(file, at, at);
    const [found] = await checkDesks(answering({}), [file]);
    expect(found?.detail).toBe('Desks answer; the file of the credential is 10 day(s) old');
    expect((await checkDesks(answering({})))[0]?.detail).toBe('Desks answer');
  } finally {
    await rm(folder, {recursive: true});
  }
});
