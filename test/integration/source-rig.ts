import {afterAll, afterEach, beforeAll} from '@jest/globals';
import {harness, type Harness, type HarnessOptions} from '../../src/stages/source/testing/harness.ts';
import {eventually} from '../support/eventually.ts';
import {committedOffsets, openKafka, type TestKafka, type TestRecord} from '../support/kafka.ts';

export interface Rig {
  kafka: TestKafka;
  /** Starts a source, after `prepare`; it is stopped with the test at the latest. */
  begin(options: Partial<HarnessOptions>, prepare?: (made: Harness) => void): Promise<Harness>;
  end(made: Harness): Promise<void>;
  committed(groupId: string, topic: string): Promise<{offset: number; metadata: string | null}[]>;
  /** Waits until just these offsets are committed, a partition each. */
  committedAt(made: Harness, topic: string, ...offsets: number[]): Promise<unknown>;
}

/** A broker and the sources of the tests of this file. */
export function useRig(): Rig {
  let running: Harness[] = [];
  const committed: Rig['committed'] = (groupId, topic) => committedOffsets(rig.kafka.admin, groupId, topic);
  const rig: Rig = {
    kafka: undefined as unknown as TestKafka,
    begin: async (options, prepare) => {
      const made = harness({kafka: rig.kafka.client, ...options});
      prepare?.(made);
      running.push(made);
      await made.source.start();
      return made;
    },
    end: async (made) => {
      running = running.filter((one) => one !== made);
      await made.source.stop();
    },
    committed,
    committedAt: (made, topic, ...offsets) =>
      eventually(
        async () => {
          const now = (await committed(made.groupId, topic)).map(({offset}) => offset);
          return now.join() === offsets.join();
        },
        {what: `commit at ${offsets.join()}`},
      ),
  };
  beforeAll(async () => {
    rig.kafka = await openKafka();
  });
  afterEach(async () => {
    await Promise.all(running.map(({source}) => source.stop()));
    running = [];
  });
  afterAll(() => rig.kafka.close());
  return rig;
}

/** `count` records of as many subjects. */
export const people = (count: number, value = 'snapshot', more: Partial<TestRecord> = {}): TestRecord[] =>
  Array.from({length: count}, (_, index) => ({key: `p${index}`, value, ...more}));

/** The names of the entries at these offsets, `to` not included. */
export const offsets = (topic: string, from: number, to: number, partition = 0): string[] =>
  Array.from({length: to - from}, (_, index) => `${topic}/${partition}/${from + index}`);
