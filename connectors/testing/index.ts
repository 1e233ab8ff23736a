/** `avro-scim/testing`: what the author of a connector tests it by (docs/connectors.md). */
export type {Answered, ContractTarget, ServiceError} from './contract/bench.ts';
export {describeContract, type Runner} from './contract/suite.ts';
export {startDouble, type Double, type DoubleAnswer, type DoubleRequest} from './double.ts';
