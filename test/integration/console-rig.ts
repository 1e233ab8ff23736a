import {Redis} from 'ioredis';
import {createState} from '../../src/stages/state/index.ts';
import type {ApiRig} from './api-rig.ts';

/** As if their last event at `desk` had been applied. */
export async function haveAccess(api: {redis: Pick<ApiRig['redis'], 'url'>}, subject: string): Promise<void> {
  const redis = new Redis(api.redis.url);
  const where = {redis, prefix: 'avro-scim', target: 'desk', leaseMs: 1000};
  const state = createState({...where, guard: {maxLeavers: 100, perMs: 1000}});
  const position = {source: 1, offset: 1, occurredAt: 1_700_000_000_000};
  const vector = Buffer.from('vector');
  await state.claim('t1', [{op: 'user', subject, position, vector}]);
  await state.settle([
    {
      ...{subject, token: 't1', kind: 'user', position, moves: true, result: {done: true}},
      ...{remoteId: 'r1', vector, active: true},
    },
  ]);
  redis.disconnect();
}

/** Of each kind of page one. */
export const pages = [
  ...[
    '/',
    '/target?name=wiki',
    '/dead-letters',
    '/dead-letters/list?target=desk',
    '/lanes?target=desk',
    '/holds',
    '/audit?target=desk',
  ],
  ...[
    '/subject?id=u100',
    '/subject?id=u31',
    '/dead-letters/letter?target=desk&id=events%2F0%2F9',
    '/act/pause-target?target=desk',
  ],
];
