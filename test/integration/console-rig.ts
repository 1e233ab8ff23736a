import {Redis} from 'ioredis';
import {createLanes} from '../../src/stages/lanes/index.ts';
import {createState} from '../../src/stages/state/index.ts';
import {leaveOf, type ApiRig} from './api-rig.ts';

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

/** So many people at `desk` whose change is tried again in an hour. */
export async function waitInLanes(api: Pick<ApiRig, 'redis'>, count: number): Promise<void> {
  const redis = new Redis(api.redis.url);
  const ignore = (): void => undefined;
  const log = {debug: ignore, info: ignore, warn: ignore, error: ignore};
  const lanes = createLanes({redis, prefix: 'avro-scim', target: 'desk', coalesce: true, log});
  const nothing = {maybeDone: false, decided: false, unwanted: false};
  for (let offset = 5000; offset < 5000 + count; offset += 1) {
    const entry = {...leaveOf(offset), kind: 'snapshot' as const};
    const of = {subject: `waits-${offset}`, kind: 'user' as const, position: entry.position, ...nothing};
    await lanes.park(of, entry, 3_600_000);
  }
  await lanes.stop();
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
