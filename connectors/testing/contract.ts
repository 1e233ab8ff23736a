import {afterAll, beforeAll, describe, test} from '@jest/globals';
import type {ContractTarget} from './contract/bench.ts';
import {describeContract} from './contract/suite.ts';

export type {ContractTarget, ServiceError} from './contract/bench.ts';

/** The contract under jest, as the connectors here are tested. */
export function describeConnector(name: string, makeTarget: () => Promise<ContractTarget>): void {
  describeContract(name, makeTarget, {describe, test, beforeAll, afterAll});
}
