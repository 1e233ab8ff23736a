import {afterAll, afterEach, beforeAll, describe} from '@jest/globals';
import {openBench, type Bench, type ContractTarget} from './contract/bench.ts';
import {budgetContract} from './contract/budget.ts';
import {cutOffContract} from './contract/cut-off.ts';
import {failureContract} from './contract/failures.ts';
import {groupContract} from './contract/groups.ts';
import {lifeContract} from './contract/life.ts';
import {lostContract} from './contract/lost.ts';
import {secretContract} from './contract/secrets.ts';
import {userContract} from './contract/users.ts';

export type {ContractTarget, ServiceError} from './contract/bench.ts';

/** What the engine relies on, whatever the vendor: every connector passes it against a service that is really there. */
export function describeConnector(name: string, makeTarget: () => Promise<ContractTarget>): void {
  describe(`${name} keeps the connector contract`, () => {
    let bench: Bench;
    beforeAll(async () => {
      bench = await openBench(makeTarget);
    });
    afterAll(async () => {
      await bench.close();
    });
    afterEach(() => bench.clear());
    describe('users', () => userContract(() => bench));
    describe('groups', () => groupContract(() => bench));
    describe('people who come and go', () => lifeContract(() => bench));
    describe('cut-off', () => cutOffContract(() => bench));
    describe('failures', () => failureContract(() => bench));
    describe('answers that are lost, and failures in the middle', () => lostContract(() => bench));
    describe('budget', () => budgetContract(() => bench));
    describe('secrets', () => secretContract(() => bench));
  });
}
