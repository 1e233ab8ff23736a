import type {Benchmark} from '../rig.ts';
import {reread, throughput} from './throughput.ts';

/** All of them, in the order in which they run. */
export const benchmarks: readonly Benchmark[] = [throughput, reread];
