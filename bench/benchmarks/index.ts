import type {Benchmark} from '../rig.ts';
import {audit} from './audit.ts';
import {connectors} from './connectors.ts';
import {lanes} from './lanes.ts';
import {backlog, leaver} from './latency.ts';
import {memory} from './memory.ts';
import {month} from './month.ts';
import {slowTarget} from './slow-target.ts';
import {state} from './state.ts';
import {reread, throughput} from './throughput.ts';

/** All of them, in the order in which they run. */
export const benchmarks: readonly Benchmark[] = [
  throughput,
  slowTarget,
  audit,
  reread,
  month,
  leaver,
  memory,
  backlog,
  lanes,
  state,
  connectors,
];
