import {createCompany, type Company, type Keyed} from './company.ts';
import {createRandom} from './random.ts';
import {departmentNames, type Department} from './staff.ts';

export const targetNames = ['wiki', 'helpdesk'] as const;
export type TargetName = (typeof targetNames)[number];

/** What a day brings, in order. `bytes` is a record that is no event; a target that refuses does so from then on. */
export type Step =
  | ({kind: 'event'} & Keyed)
  | {kind: 'bytes'; key: string; value: string}
  | {kind: 'refuse'; target: TargetName; userName: string}
  | {kind: 'outage'; target: TargetName; begins: boolean};

export interface Day {
  /** Of the month, from 1. */
  number: number;
  headline: string;
  steps: Step[];
}

/** The userName that `wiki` refuses. */
export const unwelcome = 'build-bot@lantern.example';

const foundingSize = 47;
const project = 'g-lantern-2';

/** Working days of a month that begins on a Monday. */
export const workingDays = Array.from({length: 30}, (_, i) => i + 1).filter(
  (day) => day % 7 !== 6 && day % 7 !== 0,
);

/**
 * A month at a made-up company, the same for the same seed: 60 people, and everything that this program is for. The days
 * are those of `workingDays`.
 */
export function planMonth(seed: number): Day[] {
  const random = createRandom(seed);
  const company = createCompany(random);
  const plan = planDays(company, () => departmentNames[random.below(departmentNames.length)] ?? 'People');
  return plan.map(([headline, steps], at) => ({
    number: workingDays[at] ?? at + 1,
    headline,
    steps: steps().map((step) => ('kind' in step ? step : {kind: 'event', ...step})),
  }));
}

type Planned = [headline: string, steps: () => (Step | Keyed)[]];

function planDays(company: Company, anywhere: () => Department): Planned[] {
  return [...firstHalf(company, anywhere), ...secondHalf(company, anywhere)];
}

/** The first of `ids`; a company of this size has somebody for everything. */
const one = (ids: readonly string[]): string => {
  const [id] = ids;
  if (id === undefined) throw new Error('there is nobody for it');
  return id;
};

function firstHalf(company: Company, anywhere: () => Department): Planned[] {
  const {staff, headOf} = company;
  const join = (count: number): Keyed[] => Array.from({length: count}, () => company.hire(anywhere())).flat();
  return [
    [`the company signs up: ${foundingSize} people, 6 groups`, () => company.found(foundingSize)],
    ['2 joiners', () => join(2)],
    ['2 people change departments', () => [...moveOne(company, 'Sales'), ...moveOne(company, 'Design')]],
    ['a leaver', () => company.leave(one(staff('Support')))],
    [
      'a project starts: a group by its whole list',
      () => company.formGroup(project, 'Project Lantern 2', staff().slice(0, 8)),
    ],
    [
      'a joiner, and a record that can not be decoded',
      () => [
        {kind: 'bytes', key: one(staff()), value: '{"user": "a producer that forgot its serializer"}'},
        ...join(1),
      ],
    ],
    ['promotions, one of them corrected at once', () => promoteAll(company)],
    [
      'the head of Sales leaves, the team gets another',
      () => {
        const successor = one(staff('Sales'));
        const head = headOf('Sales');
        return [
          ...company.handOver(head, successor),
          ...company.retitle(successor, 'Head of Sales'),
          ...company.leave(head),
        ];
      },
    ],
    ['HR sends everybody again: nothing is new', () => company.sendAgain()],
    ['a leaver, 2 joiners', () => [...company.leave(one(staff('Engineering'))), ...join(2)]],
    [
      'the project grows and shrinks: a group by its changes',
      () => {
        const [first = '', second = '', third = ''] = staff();
        return [
          ...company.changeGroup(project, {added: [first, second]}),
          ...company.changeGroup(project, {added: [third], removed: [first]}),
        ];
      },
    ],
  ];
}

function secondHalf(company: Company, anywhere: () => Department): Planned[] {
  const {staff} = company;
  const join = (count: number): Keyed[] => Array.from({length: count}, () => company.hire(anywhere())).flat();
  let away = '';
  let mover = '';
  return [
    ['helpdesk goes down; a joiner', () => [{kind: 'outage', target: 'helpdesk', begins: true}, ...join(1)]],
    [
      'helpdesk is down; a leaver, and somebody moves',
      () => {
        away = one(staff('Finance'));
        const left = company.leave(away);
        mover = one(staff('People'));
        return [...left, ...company.move(mover, 'Support')];
      },
    ],
    [
      'helpdesk is down; 2 joiners, and who moved is promoted',
      () => [...join(2), ...company.retitle(mover, 'Senior Trainer')],
    ],
    [
      'helpdesk is back',
      () => [{kind: 'outage', target: 'helpdesk', begins: false}, ...moveOne(company, 'Finance')],
    ],
    ['a leaver comes back: a rehire', () => company.rehire(away, 'Design')],
    [
      'an account that wiki refuses',
      () => [
        {kind: 'refuse', target: 'wiki', userName: unwelcome},
        ...company.addMachine('Engineering', unwelcome),
      ],
    ],
    ['2 joiners, and somebody moves', () => [...join(2), ...moveOne(company, 'People')]],
    ['the project is renamed', () => company.renameGroup(project, 'Project Lantern 2 (live)')],
    ['a leaver', () => company.leave(one(staff('Design')))],
    ['the project ends: its group goes', () => company.endGroup(project)],
    ['2 joiners', () => join(2)],
  ];
}

function moveOne(company: Company, to: Department): Keyed[] {
  const from = departmentNames.find((name) => name !== to && company.staff(name).length > 4) ?? 'Engineering';
  return company.move(one(company.staff(from)), to);
}

function promoteAll(company: Company): Keyed[] {
  const [first = '', second = '', third = ''] = company.staff();
  return [
    ...company.retitle(first, 'Team Lead'),
    ...company.retitle(second, 'Principle'),
    ...company.retitle(third, 'Team Lead'),
    ...company.retitle(second, 'Principal'),
  ];
}
