import {expect, test} from '@jest/globals';
import {z} from 'zod';
import {configSchema} from '../../config/schema.ts';
import type {TargetConfig} from '../../config/schema.ts';
import type {Connector} from '../../core/connector.ts';
import {checkTarget} from './target.ts';

const silent = (): void => undefined;
const log = {debug: silent, info: silent, warn: silent, error: silent};

test('a connector that throws is wrong, and its service is not called unreachable', async () => {
  const file = configSchema.parse({targets: {desks: {connector: './desks', config: {}}}});
  const desks = file.targets['desks'];
  if (desks === undefined) throw new Error('the config of this test has desks');
  const target: TargetConfig = {...file, ...desks, name: 'desks'} as never;
  const connector: Connector = {
    manifest: {
      id: 'desks',
      summary: 'For a test.',
      configSchema: z.object({}),
      capabilities: {users: true, groups: true, deactivate: true, delete: true},
      links: [],
    },
    create: () => {
      throw new TypeError('desks.map is not a function');
    },
  };
  const found = await checkTarget(
    {...target, request: file.request},
    connector,
    log,
    new AbortController().signal,
  );
  expect(found).toEqual([
    {
      check: 'target desks',
      verdict: 'wrong',
      detail: 'the connector threw desks.map is not a function (exception)',
    },
  ]);
});
