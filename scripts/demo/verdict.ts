import {targetNames, type TargetName} from './calendar.ts';
import type {VendorServer} from '../../test/doubles/start.ts';
import {differences, vendorDifferences} from './compare.ts';
import {expectedOf, type Expected} from './model.ts';
import type {Played} from './play.ts';
import {deadOf, standingOf} from './report.ts';
import type {Demo} from './setup.ts';
import {becomes} from '../services/daemon.ts';

/** What the check of one target says, in words. */
export interface Verdict {
  right: boolean;
  lines: string[];
}

/** References and members are told a moment after the event that they came with. */
const deadlineMs = 30_000;

/** Whether each target holds what the events say, and has the dead letters that it should have, and no others. */
export function checkTargets(demo: Demo, played: Played): Promise<Verdict[]> {
  return Promise.all([
    ...targetNames.map((name) => checkTarget(demo, name, played)),
    ...demo.vendors.map((vendor) => checkVendor(demo, vendor, played)),
  ]);
}

/** At a vendor: who may come in and who is in which group, as its double has it. */
async function checkVendor(demo: Demo, vendor: VendorServer, played: Played): Promise<Verdict> {
  const expected = expectedOf(played.events, new Set());
  let found: string[] = [];
  const isAlike = async (): Promise<boolean> => {
    found = vendorDifferences(await vendor.state(), expected, vendor.kind !== 'aws-iam');
    return found.length === 0;
  };
  await becomes(isAlike, deadlineMs, () => false);
  const letters = deadOf(standingOf(await demo.program.audit(), vendor.kind));
  const sameLetters = letters.map(({subject}) => subject).join() === [...played.undecodable].join();
  const active = [...expected.users.values()].filter((user) => user.active).length;
  const lines = [
    found.length === 0
      ? `${vendor.kind} lets in the ${active} people that the events say, and nobody else, and every group has its members`
      : `${vendor.kind} differs from what the events say:`,
    ...found.map((difference) => `  ${difference}`),
    ...(sameLetters ? [] : letters.map(({subject, reason}) => `  dead letter of ${subject}: ${reason}`)),
  ];
  return {right: found.length === 0 && sameLetters, lines};
}

async function checkTarget(demo: Demo, name: TargetName, played: Played): Promise<Verdict> {
  const expected = expectedOf(played.events, played.refused[name]);
  const found = await lastDifferences(demo, name, expected);
  const letters = deadOf(standingOf(await demo.program.audit(), name));
  const subjects = letters.map(({subject}) => subject).toSorted();
  const wanted = lettersOf(name, played);
  const sameLetters = subjects.join() === wanted.join();
  const lines = [
    found.length === 0 ? praise(name, expected) : `${name} differs from what the events say:`,
    ...found.map((difference) => `  ${difference}`),
    ...letters.map(({subject, reason}) => `  dead letter of ${subject}: ${reason}`),
    ...(sameLetters ? [] : [`  dead letters should be of ${wanted.join(', ')}`]),
  ];
  return {right: found.length === 0 && sameLetters, lines};
}

/** The differences that remain: none as soon as there are none. */
async function lastDifferences(demo: Demo, name: TargetName, expected: Expected): Promise<string[]> {
  let found: string[] = [];
  const isAlike = async (): Promise<boolean> => {
    found = differences(await demo.targets[name].state(), expected);
    return found.length === 0;
  };
  await becomes(isAlike, deadlineMs, () => false);
  return found;
}

/** Subjects that must have a dead letter at this target: once for bytes under their key, once for being refused. */
function lettersOf(name: TargetName, {events, refused, undecodable}: Played): string[] {
  const refusedIds = events.flatMap(({user}) => (user && refused[name].has(user.userName) ? [user.id] : []));
  return [...undecodable, ...refusedIds].toSorted();
}

function praise(name: TargetName, {users, groups}: Expected): string {
  const active = [...users.values()].filter((user) => user.active).length;
  const people = `${users.size} accounts, ${active} of them active`;
  return `${name} holds what the events say: ${people}, ${groups.size} groups, every attribute, manager and member`;
}
