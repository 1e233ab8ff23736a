import {givenBy} from '../../scripts/services/given.ts';

/** The value of a variable that `npm test` sets. */
function address(variable: string): string {
  const value = process.env[variable];
  if (value === undefined || value === '')
    throw new Error(`${variable} is not set: run the tests with npm test`);
  return value;
}

/** Where the services of this test run answer: `brokers`, the registry's Confluent API, Redis. Read at each call. */
export const services = () => ({
  brokers: address(givenBy.kafka).split(','),
  registryUrl: address(givenBy.registry),
  redisUrl: address(givenBy.redis),
});
