import {expect, test} from '@jest/globals';
import {z} from 'zod';
import {loadConfig} from '../../config/load.ts';
import type {OwnConnector} from '../../config/own-connectors.ts';
import type {Manifest} from '../../core/connector.ts';
import type {Statement} from '../../core/statement.ts';
import {manifests} from '../connector-of.ts';
import {meaningsOf, policiesOf} from './meaning.ts';

const own = (groups: boolean, hasGroups?: Manifest['hasGroups']): OwnConnector => ({
  ok: true,
  file: 'own.ts',
  connector: {
    manifest: {
      ...{id: 'own', apiVersion: 1, summary: 'For a test.', links: [], configSchema: z.strictObject({})},
      capabilities: {users: true, groups, deactivate: true, delete: true},
      ...(hasGroups ? {hasGroups} : {}),
    },
    create: () => {
      throw new Error('not in this test');
    },
  },
});

test('whether a target has groups is its connector’s word, of whoever wrote it', async () => {
  const loaded = loadConfig({
    ...{path: '/c.yaml', env: {}, manifests},
    own: new Map([
      ['./none.ts', own(false)],
      ['./some.ts', own(true)],
      ['./asked.ts', own(true, () => false)],
    ]),
    readFile: () =>
      JSON.stringify({
        targets: {
          none: {connector: './none.ts', config: {}},
          some: {connector: './some.ts', config: {}},
          asked: {connector: './asked.ts', config: {}},
        },
      }),
  });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const meta = {eventId: 'e', occurredAt: 0, source: 'hr'};
  const group: Statement = {kind: 'group', subject: 'g', group: {id: 'g', displayName: 'g'}, meta};
  const meanings = await meaningsOf(group, policiesOf(loaded));
  expect(meanings.map(({target, does}) => [target, does])).toEqual([
    ['none', 'skipped'],
    ['some', 'group wanted'],
    ['asked', 'skipped'],
  ]);
});
