import {format} from 'node:util';

/** One case of the suite: its name, and a body that rejects when it does not hold. */
export interface ContractCase {
  name: string;
  run: () => Promise<void>;
}

type Body<Values extends readonly unknown[]> = (...values: Values) => void | Promise<void>;

interface DeclareEach {
  <const Row extends readonly unknown[]>(rows: readonly Row[]): (name: string, body: Body<Row>) => void;
  <Value>(values: readonly Value[]): (name: string, body: Body<[Value]>) => void;
}

let declared: ContractCase[] | undefined;

/** The cases that `declare` makes known by `test`, in their order. */
export function casesOf(declare: () => void): ContractCase[] {
  const outer = declared;
  const cases: ContractCase[] = [];
  declared = cases;
  try {
    declare();
  } finally {
    declared = outer;
  }
  return cases;
}

const declareCase = (name: string, body: Body<[]>): void => {
  if (declared === undefined) throw new Error('a case of the contract is declared within casesOf');
  declared.push({name, run: async () => body()});
};

const each: DeclareEach = (table: readonly unknown[]) => (name: string, body: Body<never>) => {
  for (const row of table) {
    const values = (Array.isArray(row) ? row : [row]) as readonly unknown[];
    const count = name.match(/%[sdij]/g)?.length ?? 0;
    declareCase(format(name, ...values.slice(0, count)), () => body(...(values as never)));
  }
};

/** Declares a case, as jest's `test` does; of a table, one for each row. The suite runs under any test runner. */
export const test = Object.assign(declareCase, {each});
