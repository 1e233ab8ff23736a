import {openBench, type Bench, type ContractTarget} from './bench.ts';
import {budgetContract} from './budget.ts';
import {casesOf} from './cases.ts';
import {cutOffContract} from './cut-off.ts';
import {failureContract} from './failures.ts';
import {groupContract, refusesGroups} from './groups.ts';
import {lifeContract} from './life.ts';
import {lostContract} from './lost.ts';
import {secretContract} from './secrets.ts';
import {undocumentedContract} from './undocumented.ts';
import {userContract} from './users.ts';

/** The functions of a test runner: of `node:test`, or of jest and vitest, whose hooks have other names. */
export type Runner = {
  describe: (name: string, body: () => void) => unknown;
  test: (name: string, body: () => Promise<void>) => unknown;
} & ({before: Hook; after: Hook} | {beforeAll: Hook; afterAll: Hook});
type Hook = (hook: () => Promise<void>) => unknown;

const parts: Readonly<Record<string, (on: () => Bench) => void>> = {
  users: userContract,
  groups: groupContract,
  'people who come and go': lifeContract,
  'cut-off': cutOffContract,
  failures: failureContract,
  'answers that are lost, and failures in the middle': lostContract,
  'answers that no service documents': undocumentedContract,
  budget: budgetContract,
  secrets: secretContract,
};

/** What the engine relies on, whatever the vendor: every connector passes it against a service that is really there. */
export function describeContract(
  name: string,
  makeTarget: () => Promise<ContractTarget>,
  runner: Runner,
): void {
  const [before, after] =
    'beforeAll' in runner ? [runner.beforeAll, runner.afterAll] : [runner.before, runner.after];
  runner.describe(`${name} keeps the connector contract`, () => {
    let bench: Bench;
    before(async () => {
      bench = await openBench(makeTarget);
    });
    after(() => bench.close());
    for (const [part, declare] of Object.entries(parts))
      runner.describe(part, () => {
        for (const {name: title, run} of casesOf(() => declare(() => bench)))
          runner.test(title, () => {
            const isAsked = part !== 'groups' || bench.target.hasGroups !== false;
            return (isAsked ? run() : refusesGroups(bench)).finally(() => bench.clear());
          });
      });
  });
}
