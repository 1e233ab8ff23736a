import type {IAM} from '@aws-sdk/client-iam';
import {failed, ok, type Result} from '../../src/core/failure.ts';
import type {CallOptions} from '../../src/core/port.ts';
import type {Aws} from './aws.ts';
import {isMissing, isOwnerMissing, notVisible} from './errors.ts';
import type {Passed} from './wire.ts';

/** Something that a user holds: a key, a certificate, a membership. */
export interface Held {
  id: string;
  isActive: boolean;
}

/** How one kind is listed, turned off and removed: DeleteUser is refused while any is left. */
export interface Holding {
  list: {
    operation: string;
    run: (iam: IAM, UserName: string, at: {Marker?: string}, passed: Passed) => Promise<Page>;
    /** There is one or none, and a 404 where there is none. */
    isOne?: boolean;
  };
  off?: Change;
  remove: Change[];
}

export interface Change {
  operation: string;
  run: (iam: IAM, UserName: string, id: string, passed: Passed) => Promise<unknown>;
}

interface Page {
  held: Held[];
  IsTruncated?: boolean | undefined;
  Marker?: string | undefined;
}

/** All of one kind that a user holds, who was read a moment ago: a user whom IAM does not show holds who knows what. */
export async function held(
  aws: Aws,
  {list}: Holding,
  UserName: string,
  options: CallOptions,
): Promise<Result<Held[]>> {
  const found: Held[] = [];
  for (let at: {Marker?: string} | undefined = {}; at;) {
    const from: {Marker?: string} = at;
    const page: Result<Page> = await aws.ask(list.operation, options, (iam, passed) =>
      list.run(iam, UserName, from, passed),
    );
    if (!page.ok) {
      if (!isMissing(page.failure)) return page;
      return list.isOne && !isOwnerMissing(page.failure) ? ok([]) : failed(notVisible);
    }
    found.push(...page.value.held);
    at = page.value.IsTruncated && page.value.Marker ? {Marker: page.value.Marker} : undefined;
  }
  return ok(found);
}

/** What a user holds of these kinds, in their order; they are read at the same time. */
export async function heldOf(
  aws: Aws,
  holdings: readonly Holding[],
  UserName: string,
  options: CallOptions,
): Promise<Result<{holding: Holding; rows: Held[]}[]>> {
  const reads = holdings.map(async (holding) => ({
    holding,
    list: await held(aws, holding, UserName, options),
  }));
  const found: {holding: Holding; rows: Held[]}[] = [];
  for (const {holding, list} of await Promise.all(reads)) {
    if (!list.ok) return list;
    found.push({holding, rows: list.value});
  }
  return ok(found);
}

/** Removes these of one kind; what is gone already is done. */
export const remove = (
  aws: Aws,
  holding: Holding,
  found: readonly Held[],
  UserName: string,
  options: CallOptions,
): Promise<Result<void>> => change(aws, holding.remove, found, UserName, options);

/** Turns off those of one kind that are on, or removes them where they can not be turned off. */
export function turnOff(
  aws: Aws,
  {off, remove: removal}: Holding,
  found: readonly Held[],
  UserName: string,
  options: CallOptions,
): Promise<Result<void>> {
  const active = found.filter(({isActive}) => isActive);
  return change(aws, off ? [off] : removal, active, UserName, options);
}

async function change(
  aws: Aws,
  changes: readonly Change[],
  found: readonly Held[],
  UserName: string,
  options: CallOptions,
): Promise<Result<void>> {
  for (const {id} of found)
    for (const {operation, run} of changes) {
      const done = await aws.askIfThere(operation, options, (iam, passed) => run(iam, UserName, id, passed));
      if (!done.ok) return done;
    }
  return ok(undefined);
}
