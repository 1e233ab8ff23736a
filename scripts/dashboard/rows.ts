import type {Panel} from './panel.ts';
import {byTarget, of, quantile, rate} from './queries.ts';

/** The dashboard: rows of charts, what an operator asks first at the head. */
export const rows: readonly {title: string; panels: readonly Panel[]}[] = [
  {
    title: 'Leavers',
    panels: [
      {
        title: 'Oldest leave that waits',
        about: 'Read and not carried out: somebody who left still has access.',
        kind: 'stat',
        unit: 's',
        width: 6,
        redFrom: 300,
        queries: [[byTarget('oldest_waiting_leave_seconds'), '{{target}}']],
      },
      {
        title: 'Oldest cut-off not verified',
        kind: 'stat',
        unit: 's',
        width: 6,
        redFrom: 300,
        queries: [[byTarget('oldest_unfinished_cutoff_seconds'), '{{target}}']],
      },
      {
        title: 'From a leave to its receipt, 95 %',
        kind: 'timeseries',
        unit: 's',
        width: 6,
        redFrom: 300,
        queries: [[quantile(0.95, 'cutoff_latency_seconds'), '{{target}}']],
      },
      {
        title: 'Waiting for a person',
        about: 'Held by the guard, or barred by a cut-off by hand.',
        kind: 'stat',
        unit: 'short',
        width: 6,
        redFrom: 1,
        queries: [[byTarget('held_changes'), '{{target}}']],
      },
    ],
  },
  {
    title: 'Targets',
    panels: [
      {
        title: 'Gate: 0 open, 1 waiting, 2 shut',
        kind: 'timeseries',
        unit: 'short',
        width: 6,
        redFrom: 2,
        queries: [
          [
            `2 * ${byTarget('gate', 'max', ',state="shut"')} + ${byTarget('gate', 'max', ',state="waiting"')}`,
            '{{target}}',
          ],
        ],
      },
      {
        title: 'Changes, by outcome',
        kind: 'timeseries',
        unit: 'reqps',
        width: 6,
        isStacked: true,
        queries: [[rate('changes_total', 'target, outcome'), '{{target}} {{outcome}}']],
      },
      {
        title: 'From an event to its change, half and 95 %',
        kind: 'timeseries',
        unit: 's',
        width: 6,
        queries: [
          [quantile(0.5, 'change_latency_seconds'), '{{target}} half'],
          [quantile(0.95, 'change_latency_seconds'), '{{target}} 95 %'],
        ],
      },
      {
        title: 'Paused by a person for',
        kind: 'stat',
        unit: 's',
        width: 6,
        redFrom: 3600,
        queries: [[byTarget('paused_seconds'), '{{target}}']],
      },
    ],
  },
  {
    title: 'Kafka',
    panels: [
      {
        title: 'Lag',
        kind: 'timeseries',
        unit: 'short',
        width: 6,
        queries: [[byTarget('lag_records', 'sum'), '{{target}}']],
      },
      {
        title: 'In the window',
        kind: 'timeseries',
        unit: 'short',
        width: 6,
        queries: [
          [byTarget('window_changes', 'sum'), '{{target}}'],
          [byTarget('window_cutoffs', 'sum'), '{{target}} leavers'],
        ],
      },
      {
        title: 'Until retention may delete what is not settled',
        kind: 'timeseries',
        unit: 's',
        width: 6,
        queries: [[byTarget('retention_left_seconds', 'min'), '{{target}}']],
      },
      {
        title: 'Lost to retention, and no events',
        about: 'In the range that is shown.',
        kind: 'stat',
        unit: 'short',
        width: 6,
        redFrom: 1,
        queries: [
          [`sum by (target) (increase(${of('lost_records_total')}[$__range]))`, 'lost to {{target}}'],
          ['sum by (topic) (increase(avroscim_undecodable_total[$__range]))', 'no events in {{topic}}'],
        ],
      },
    ],
  },
  {
    title: 'Requests',
    panels: [
      {
        title: 'Requests, by status',
        kind: 'timeseries',
        unit: 'reqps',
        width: 8,
        isStacked: true,
        queries: [[rate('requests_total', 'target, status'), '{{target}} {{status}}']],
      },
      {
        title: 'Refused or lost, by operation',
        kind: 'timeseries',
        unit: 'reqps',
        width: 8,
        queries: [
          [
            rate('requests_total', 'target, operation, status', ',status!~"2.."'),
            '{{target}} {{operation}} {{status}}',
          ],
        ],
      },
      {
        title: 'Duration, 95 %',
        kind: 'timeseries',
        unit: 's',
        width: 8,
        queries: [[quantile(0.95, 'request_seconds', 'target, operation'), '{{target}} {{operation}}']],
      },
    ],
  },
  {
    title: 'What waits',
    panels: [
      {
        title: 'Parked',
        kind: 'timeseries',
        unit: 'short',
        width: 8,
        queries: [[byTarget('parked_changes'), '{{target}}']],
      },
      {
        title: 'Longest failing lane',
        kind: 'timeseries',
        unit: 's',
        width: 8,
        queries: [[byTarget('oldest_parked_seconds'), '{{target}}']],
      },
      {
        title: 'Dead letters, by cause',
        kind: 'table',
        unit: 'short',
        width: 8,
        queries: [[`max by (target, cause) (${of('dead_letters')}) > 0`, '{{target}} {{cause}}']],
      },
    ],
  },
  {
    title: 'The process',
    panels: [
      {
        title: 'What it needs answers',
        about: 'redis, kafka and registry: 1 where all replicas have what they need of it.',
        kind: 'timeseries',
        unit: 'short',
        width: 6,
        queries: [['min by (dependency) (avroscim_dependency_up)', '{{dependency}}']],
      },
      {
        title: 'Credentials end',
        kind: 'stat',
        unit: 'dateTimeFromNow',
        width: 6,
        queries: [[`1000 * ${byTarget('credential_expiry_timestamp_seconds', 'min')}`, '{{target}}']],
      },
      {
        title: 'Age of credentials',
        kind: 'stat',
        unit: 's',
        width: 6,
        queries: [[byTarget('credential_age_seconds'), '{{target}}']],
      },
      {
        title: 'Replicas, by version',
        kind: 'stat',
        unit: 'short',
        width: 6,
        queries: [['count by (version) (avroscim_build_info)', '{{version}}']],
      },
      {
        title: 'Memory',
        kind: 'timeseries',
        unit: 'bytes',
        width: 12,
        queries: [
          ['process_resident_memory_bytes * on (instance) group_left () avroscim_build_info', '{{instance}}'],
        ],
      },
      {
        title: 'Event loop, 99 %',
        kind: 'timeseries',
        unit: 's',
        width: 12,
        queries: [
          [
            'nodejs_eventloop_lag_p99_seconds * on (instance) group_left () avroscim_build_info',
            '{{instance}}',
          ],
        ],
      },
    ],
  },
];
