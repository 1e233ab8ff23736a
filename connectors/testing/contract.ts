import {afterAll, beforeAll, describe} from '@jest/globals';
import {openBench, type Bench, type ContractTarget} from './contract/bench.ts';
import {cutOffContract} from './contract/cut-off.ts';
import {failureContract} from './contract/failures.ts';
import {groupContract} from './contract/groups.ts';
import {userContract} from './contract/users.ts';

export type {ContractTarget} from './contract/bench.ts';

/** What the engine relies on, whatever the vendor: every connector passes it against a service that is really there. */
export function describeConnector(name: string, makeTarget: () => Promise<ContractTarget>): void {
  describe(`${name} keeps the connector contract`, () => {
    let bench: Bench;
    beforeAll(async () => {
      bench = await openBench(makeTarget);
    });
    afterAll(async () => {
      await bench.sender.close();
      await bench.target.close();
    });
    describe('users', () => userContract(() => bench));
    describe('groups', () => groupContract(() => bench));
    describe('cut-off', () => cutOffContract(() => bench));
    describe('failures', () => failureContract(() => bench));
  });
}
