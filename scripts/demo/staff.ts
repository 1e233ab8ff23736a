import type {Random} from './random.ts';

/** The company's departments and the titles in each; whoever leads one has the first. */
export const departments = {
  Engineering: ['Head of Engineering', 'Software Engineer', 'Test Engineer', 'Data Engineer'],
  Design: ['Head of Design', 'Product Designer', 'Illustrator'],
  Sales: ['Head of Sales', 'Account Manager', 'Sales Analyst'],
  Support: ['Head of Support', 'Support Engineer', 'Trainer'],
  Finance: ['Head of Finance', 'Accountant', 'Controller'],
  People: ['Head of People', 'Recruiter', 'Payroll Specialist'],
} as const;

export type Department = keyof typeof departments;
export const departmentNames = Object.keys(departments) as Department[];

/** Who founded it: the only one without a manager. */
export const founderTitle = 'Managing Director';

const givenNames = ['Ada', 'Bruno', 'Chidi', 'Dana', 'Emre', 'Freya', 'Goran', 'Hana', 'Ines', 'Jonas'];
const familyNames = ['Abara', 'Bergström', 'Castellano', 'Dvořák', 'Eriksen', 'Fontaine', 'Okafor', 'Petrov'];

/** Every given name with every family name once, in an order of chance: 80 names. */
export function namesOf(random: Random): {givenName: string; familyName: string}[] {
  const all = givenNames.flatMap((givenName) => familyNames.map((familyName) => ({givenName, familyName})));
  return random.shuffled(all);
}

/** A mail address that no one has: example is reserved (RFC 2606), and ASCII alone is left of the name. */
export function mailOf({givenName, familyName}: {givenName: string; familyName: string}): string {
  const plain = `${givenName}.${familyName}`.normalize('NFD').replace(/[^A-Za-z.]/g, '');
  return `${plain.toLowerCase()}@lantern.example`;
}
