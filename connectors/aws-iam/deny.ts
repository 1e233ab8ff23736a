import type {User} from '@aws-sdk/client-iam';
import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import type {CallOptions} from '../../src/core/port.ts';
import type {Aws} from './aws.ts';
import {isMissing, isOverQuota, isOwnerMissing, notVisible} from './errors.ts';
import {held} from './holding.ts';
import {attachedDeny, everyInlinePolicy} from './holdings.ts';
import {DENY, denyAllOf, SHUT} from './tags.ts';

/** Judged at each request, so that it ends sessions that the user's keys had opened, too. */
const document = {
  Version: '2012-10-17',
  Statement: [{Sid: 'AvroScimCutOff', Effect: 'Deny', Action: '*', Resource: '*'}],
};

/**
 * Shuts an account, by an inline policy. Those of one user are 2,048 characters at most, all together (IAM and STS
 * quotas): where it does not fit, AWS's own policy that denies all is attached.
 */
export async function putDeny(aws: Aws, user: User, options: CallOptions): Promise<Result<unknown>> {
  const {UserName} = user;
  const input = {UserName, PolicyName: DENY, PolicyDocument: JSON.stringify(document)};
  const put = await aws.ask('PutUserPolicy', options, (iam, passed) => iam.putUserPolicy(input, passed));
  return put.ok || !isOverQuota(put.failure) ? seen(put) : attachDeny(aws, user, options);
}

/**
 * A tag says that it was done here, and comes first: without it nobody would take off what a lost answer attached. A tag that is
 * refused keeps nobody in.
 */
async function attachDeny(aws: Aws, user: User, options: CallOptions): Promise<Result<unknown>> {
  const {UserName = ''} = user;
  const there = await held(aws, attachedDeny, UserName, options);
  // By an earlier try, or by somebody else, who is to take it off.
  if (!there.ok || there.value.length > 0) return there;
  const Tags = [{Key: SHUT, Value: 'AWSDenyAll'}];
  const tagged = await aws.ask('TagUser', options, (iam, passed) => iam.tagUser({UserName, Tags}, passed));
  const PolicyArn = denyAllOf(user);
  const attached = await aws.ask('AttachUserPolicy', options, (iam, passed) =>
    iam.attachUserPolicy({UserName, PolicyArn}, passed),
  );
  if (attached.ok) return seen(tagged);
  return isOverQuota(attached.failure) ? failed(full(attached.failure)) : seen(attached);
}

const full = (failure: Failure): Failure => ({
  ...failure,
  message: "the user's policies fill both quotas, inline and attached: take one off, and replay this",
});

/** Who was read a moment ago is there. */
const seen = <T>(answered: Result<T>): Result<T> =>
  !answered.ok && isMissing(answered.failure) ? failed(notVisible) : answered;

/** Lifts what shut the account here. That a policy is not there is believed of a list alone: a 404 may mean the user. */
export async function removeDeny(aws: Aws, user: User, options: CallOptions): Promise<Result<unknown>> {
  const inline = await removeInline(aws, user, options);
  const isOurs = user.Tags?.some(({Key}) => Key === SHUT);
  return inline.ok && isOurs ? removeAttached(aws, user, options) : inline;
}

/** Takes both forms off, whoever attached the second: what DeleteUser demands. */
export async function removeEveryDeny(aws: Aws, user: User, options: CallOptions): Promise<Result<unknown>> {
  const inline = await removeInline(aws, user, options);
  if (!inline.ok) return inline;
  const attached = await held(aws, attachedDeny, user.UserName ?? '', options);
  if (!attached.ok || attached.value.length === 0) return attached;
  return detach(aws, user, options);
}

async function removeInline(aws: Aws, {UserName = ''}: User, options: CallOptions): Promise<Result<unknown>> {
  const input = {UserName, PolicyName: DENY};
  const removed = await aws.ask('DeleteUserPolicy', options, (iam, passed) =>
    iam.deleteUserPolicy(input, passed),
  );
  if (removed.ok || !isMissing(removed.failure)) return removed;
  const left = await held(aws, everyInlinePolicy, UserName, options);
  return left.ok && left.value.some(({id}) => id === DENY) ? failed(notVisible) : left;
}

async function removeAttached(aws: Aws, user: User, options: CallOptions): Promise<Result<unknown>> {
  const detached = await detach(aws, user, options);
  if (!detached.ok) return detached;
  const input = {UserName: user.UserName, TagKeys: [SHUT]};
  return seen(await aws.ask('UntagUser', options, (iam, passed) => iam.untagUser(input, passed)));
}

async function detach(aws: Aws, user: User, options: CallOptions): Promise<Result<unknown>> {
  const input = {UserName: user.UserName, PolicyArn: denyAllOf(user)};
  const detached = await aws.ask('DetachUserPolicy', options, (iam, passed) =>
    iam.detachUserPolicy(input, passed),
  );
  if (detached.ok || !isMissing(detached.failure)) return detached;
  const left = await held(aws, attachedDeny, user.UserName ?? '', options);
  return left.ok && left.value.length > 0 ? failed(notVisible) : left;
}

/** Whether a policy is there that denies all: this program's, word for word, or AWS's own. */
export async function isDenied(
  aws: Aws,
  {UserName = ''}: Pick<User, 'UserName'>,
  options: CallOptions,
): Promise<Result<boolean>> {
  const read = await aws.ask('GetUserPolicy', options, (iam, passed) =>
    iam.getUserPolicy({UserName, PolicyName: DENY}, passed),
  );
  if (read.ok && isSame(read.value.PolicyDocument ?? '')) return ok(true);
  if (!read.ok && isOwnerMissing(read.failure)) return failed(notVisible);
  if (!read.ok && !isMissing(read.failure)) return read;
  const attached = await held(aws, attachedDeny, UserName, options);
  return attached.ok ? ok(attached.value.length > 0) : attached;
}

function isSame(encoded: string): boolean {
  try {
    return JSON.stringify(JSON.parse(decodeURIComponent(encoded))) === JSON.stringify(document);
  } catch {
    return false;
  }
}
