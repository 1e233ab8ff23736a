import {describe, expect, test} from '@jest/globals';
import {createMetrics} from './metrics.ts';
import type {OwnFigures} from './own-metrics.ts';
import type {SharedFigures} from './shared-metrics.ts';

const wiki: SharedFigures = {
  target: 'wiki',
  parked: 3,
  oldestParkedSeconds: 60,
  oldestUnfinishedCutOffSeconds: 5,
  held: 2,
  pausedSeconds: 40,
  deadLetters: {'400 invalidValue': 4},
};

const place = {topic: 'identity.events', partition: 0};
const own: OwnFigures = {
  target: 'wiki',
  window: 7,
  cutOffs: 2,
  oldestLeaveSeconds: 12,
  partitions: [{...place, lag: 9, retentionRecords: 90, retentionSeconds: 3600}],
  credentialAgeSeconds: 86_400,
  credentialExpiry: 1_900_000_000,
};
const figures = (...targets: OwnFigures[]) => ({
  targets,
  dependencies: {redis: {up: true}, kafka: {up: false}},
});

describe('metrics', () => {
  test('have the promised names and labels', async () => {
    const metrics = createMetrics({
      shared: () => Promise.resolve([wiki]),
      own: () => figures(own),
      build: {version: '1.2.3', commit: 'c0ffee'},
    });
    metrics.begin('wiki');
    metrics.change('wiki', 'applied');
    metrics.latency('wiki', 0.2);
    metrics.cutOffLatency('wiki', 3);
    metrics.request('wiki', 'create user', 201, 0.02);
    metrics.request('wiki', 'create user', 'error', 10);
    metrics.gate('wiki', 'waiting');
    metrics.undecodable('identity.events');
    metrics.lost('wiki', 'identity.events', 40);
    const lines = (await metrics.text()).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'avroscim_changes_total{target="wiki",outcome="applied"} 1',
        'avroscim_change_latency_seconds_bucket{le="0.25",target="wiki"} 1',
        'avroscim_cutoff_latency_seconds_sum{target="wiki"} 3',
        'avroscim_requests_total{target="wiki",operation="create user",status="201"} 1',
        'avroscim_requests_total{target="wiki",operation="create user",status="error"} 1',
        'avroscim_request_seconds_count{target="wiki",operation="create user"} 2',
        'avroscim_window_changes{target="wiki"} 7',
        'avroscim_window_cutoffs{target="wiki"} 2',
        'avroscim_lag_records{target="wiki",topic="identity.events",partition="0"} 9',
        'avroscim_gate{target="wiki",state="open"} 0',
        'avroscim_gate{target="wiki",state="waiting"} 1',
        'avroscim_gate{target="wiki",state="shut"} 0',
        'avroscim_undecodable_total{topic="identity.events"} 1',
        'avroscim_credential_age_seconds{target="wiki"} 86400',
        'avroscim_credential_expiry_timestamp_seconds{target="wiki"} 1900000000',
        'avroscim_changes_total{target="wiki",outcome="dead"} 0',
        'avroscim_oldest_waiting_leave_seconds{target="wiki"} 12',
        'avroscim_retention_left_records{target="wiki",topic="identity.events",partition="0"} 90',
        'avroscim_retention_left_seconds{target="wiki",topic="identity.events",partition="0"} 3600',
        'avroscim_lost_records_total{target="wiki",topic="identity.events"} 40',
        'avroscim_dependency_up{dependency="redis"} 1',
        'avroscim_dependency_up{dependency="kafka"} 0',
        `avroscim_build_info{version="1.2.3",commit="c0ffee",node="${process.version}"} 1`,
        'avroscim_parked_changes{target="wiki"} 3',
        'avroscim_oldest_parked_seconds{target="wiki"} 60',
        'avroscim_oldest_unfinished_cutoff_seconds{target="wiki"} 5',
        'avroscim_held_changes{target="wiki"} 2',
        'avroscim_paused_seconds{target="wiki"} 40',
        'avroscim_dead_letters{target="wiki",cause="400 invalidValue"} 4',
      ]),
    );
    expect(lines.some((line) => line.startsWith('nodejs_eventloop_lag'))).toBe(true);
  });

  test('a partition that moved away, a dead letter that was settled and a lost Redis leave nothing behind', async () => {
    let answer: () => Promise<SharedFigures[]> = () => Promise.resolve([wiki]);
    let {partitions} = own;
    const metrics = createMetrics({
      shared: () => answer(),
      own: () => figures({target: 'wiki', window: 0, cutOffs: 0, oldestLeaveSeconds: 0, partitions}),
    });
    expect(await metrics.text()).toContain('avroscim_lag_records{');
    partitions = [];
    expect(await metrics.text()).toContain('avroscim_dead_letters{');
    answer = () => Promise.resolve([{...wiki, deadLetters: {}}]);
    expect(await metrics.text()).not.toContain('avroscim_dead_letters{');
    answer = () => Promise.reject(new Error('no Redis'));
    const text = await metrics.text();
    expect(text).not.toContain('avroscim_parked_changes{');
    expect(text).not.toContain('avroscim_lag_records{');
    expect(text).not.toContain('avroscim_credential_age_seconds{');
    expect(text).not.toContain('avroscim_retention_left_seconds{');
  });

  test('a Redis that never answers holds no scrape up, and is not asked by each anew', async () => {
    let asked = 0;
    const shared = (): Promise<SharedFigures[]> => {
      asked += 1;
      return new Promise(() => undefined);
    };
    const metrics = createMetrics({shared, own: () => figures(own), patienceMs: 10});
    await metrics.text();
    const text = await metrics.text();
    expect(text).toContain('avroscim_window_changes{target="wiki"} 7');
    expect(text).not.toContain('avroscim_parked_changes{');
    expect(asked).toBe(1);
  });
});
