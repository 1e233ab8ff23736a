/** One metric: its name after `avroscim_`, what Prometheus shows as help, and its labels, which hold no personal data. */
export interface Definition<Label extends string = string> {
  name: string;
  help: string;
  labels: readonly Label[];
}

const define = <Label extends string>(
  name: string,
  help: string,
  ...labels: readonly Label[]
): Definition<Label> => ({name, help, labels});

/** What goes up alone, while this process lives. */
export const counters = {
  changes: define('changes_total', 'Changes settled, by outcome.', 'target', 'outcome'),
  requests: define(
    'requests_total',
    'Requests to the target; status is error where no answer came.',
    'target',
    'operation',
    'status',
  ),
  undecodable: define('undecodable_total', 'Records that are no events.', 'topic'),
  lost: define(
    'lost_records_total',
    'Records that retention deleted before they were read.',
    'target',
    'topic',
  ),
};

/** Durations. */
export const histograms = {
  latency: define(
    'change_latency_seconds',
    'From an event’s occurredAt to its change applied, or already so.',
    'target',
  ),
  cutOffLatency: define('cutoff_latency_seconds', 'From a leave to its verified receipt.', 'target'),
  requestSeconds: define('request_seconds', 'Duration of requests to the target.', 'target', 'operation'),
};

/** What this process knows at the moment: sum, or take each partition, over the replicas. */
export const ownGauges = {
  gate: define(
    'gate',
    'Whether the target may be called: 1 for the state it is in, of open, waiting and shut.',
    'target',
    'state',
  ),
  window: define('window_changes', 'Changes read and not settled.', 'target'),
  cutOffs: define('window_cutoffs', 'Leaves among them that wait.', 'target'),
  oldestLeave: define(
    'oldest_waiting_leave_seconds',
    'Age of the oldest leave that was read and is not settled; 0 without one.',
    'target',
  ),
  lag: define(
    'lag_records',
    'Records of a partition that are not settled, to its end.',
    'target',
    'topic',
    'partition',
  ),
  retentionRecords: define(
    'retention_left_records',
    'Records between the start of a partition’s log and the first that is not settled.',
    'target',
    'topic',
    'partition',
  ),
  retentionSeconds: define(
    'retention_left_seconds',
    'Until retention may delete the first record that is not settled; absent where none waits, or the topic keeps its records.',
    'target',
    'topic',
    'partition',
  ),
  credentialAge: define(
    'credential_age_seconds',
    'Age of the target’s credential, as the target tells, or else of the oldest file that its config names.',
    'target',
  ),
  credentialExpiry: define(
    'credential_expiry_timestamp_seconds',
    'When the target’s credential ends, in seconds since the epoch, where the target tells.',
    'target',
  ),
  dependency: define(
    'dependency_up',
    'Whether redis, kafka and registry answer as they are needed, and connectors can be made, as in /readyz.',
    'dependency',
  ),
  build: define(
    'build_info',
    'Always 1: which version runs, built from which commit, on which Node.',
    'version',
    'commit',
    'node',
  ),
};

/** What all replicas share, from Redis: the same from each, so take the maximum. */
export const sharedGauges = {
  parked: define('parked_changes', 'Changes that wait in lanes.', 'target'),
  oldestParked: define('oldest_parked_seconds', 'Since when the longest failing lane fails.', 'target'),
  oldestCutOff: define(
    'oldest_unfinished_cutoff_seconds',
    'Since when the oldest cut-off is begun and not verified.',
    'target',
  ),
  held: define('held_changes', 'Changes that wait for a person.', 'target'),
  paused: define('paused_seconds', 'How long a person has paused the target; 0 when it is not.', 'target'),
  deadLetters: define('dead_letters', 'Dead letters, by cause.', 'target', 'cause'),
};
