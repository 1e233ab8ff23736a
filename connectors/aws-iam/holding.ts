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

/** Turns off, or removes, all of one kind; what is gone already is done. */
export async function end(
  aws: Aws,
  holding: Holding,
  how: 'off' | 'remove',
  UserName: string,
  options: CallOptions,
): Promise<Result<void>> {
  const found = await held(aws, holding, UserName, options);
  if (!found.ok) return found;
  const changes = how === 'off' && holding.off ? [holding.off] : holding.remove;
  for (const {id, isActive} of found.value)
    for (const {operation, run} of how === 'off' && !isActive ? [] : changes) {
      const done = await aws.askIfThere(operation, options, (iam, passed) => run(iam, UserName, id, passed));
      if (!done.ok) return done;
    }
  return ok(undefined);
}
