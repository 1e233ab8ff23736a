import type {Result} from '../../../src/core/failure.ts';
import type {CallOptions} from '../../../src/core/port.ts';
import {fresh, text, type Bench} from './bench.ts';

export type Call = (options: CallOptions) => Promise<Result<unknown>>;

/** Each thing that a port can do, on an account and a group of their own. */
export async function callsOf(bench: Bench): Promise<[string, Call][]> {
  const {port, target, newUser} = bench;
  const user = await newUser();
  const other = await newUser();
  const steps = port.cutOffSteps('delete').flatMap((step): [string, Call][] => [
    [`${step.name}: act`, (given) => step.act(other.id, given)],
    [`${step.name}: verify`, (given) => step.verify(other.id, given)],
  ]);
  const userName = text(target.user(user.key), 'userName');
  const moved = {...target.user(user.key), displayName: fresh()};
  return [
    ['find', (given) => port.users.find({by: 'userName', value: userName}, given)],
    ['get', (given) => port.users.get(user.id, given)],
    ['create', (given) => port.users.create(target.user(fresh()), given)],
    ['update', (given) => port.users.update(user.id, {desired: moved}, given)],
    ...(target.hasGroups === false ? [] : await groupCalls(bench, user.id)),
    ...steps,
    ['remove', (given) => port.users.remove(user.id, given)],
  ];
}

async function groupCalls(
  {port: {groups}, newGroup, target}: Bench,
  userId: string,
): Promise<[string, Call][]> {
  const {id} = await newGroup();
  return [
    ['create group', (given) => groups.create(target.group(fresh()), given)],
    ['add member', (given) => groups.changeMembers(id, {add: [userId], remove: []}, given)],
    ['has member', (given) => groups.hasMember(id, userId, given)],
    ['remove group', (given) => groups.remove(id, given)],
  ];
}
