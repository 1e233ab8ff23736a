import {ok, type Result} from '../../src/core/failure.ts';
import type {CallOptions} from '../../src/core/port.ts';
import type {Aws} from './aws.ts';

/** The inline policy by which an account is shut. IAM has no other word for it. */
export const DENY = 'avro-scim-cut-off';

/** Judged at each request, so that it ends sessions that the user's keys had opened, too. */
const document = {
  Version: '2012-10-17',
  Statement: [{Sid: 'AvroScimCutOff', Effect: 'Deny', Action: '*', Resource: '*'}],
};

/** Shuts an account; what is gone already is done. */
export function putDeny(aws: Aws, UserName: string, options: CallOptions): Promise<Result<unknown>> {
  const input = {UserName, PolicyName: DENY, PolicyDocument: JSON.stringify(document)};
  return aws.askIfThere('PutUserPolicy', options, (iam, passed) => iam.putUserPolicy(input, passed));
}

/** Lifts it; what is not there is done. */
export function removeDeny(aws: Aws, UserName: string, options: CallOptions): Promise<Result<unknown>> {
  const input = {UserName, PolicyName: DENY};
  return aws.askIfThere('DeleteUserPolicy', options, (iam, passed) => iam.deleteUserPolicy(input, passed));
}

/** Whether the policy is there and denies all. */
export async function isDenied(aws: Aws, UserName: string, options: CallOptions): Promise<Result<boolean>> {
  const input = {UserName, PolicyName: DENY};
  const read = await aws.askIfThere('GetUserPolicy', options, (iam, passed) =>
    iam.getUserPolicy(input, passed),
  );
  if (!read.ok || !read.value) return read.ok ? ok(false) : read;
  return ok(isSame(read.value.PolicyDocument ?? ''));
}

function isSame(encoded: string): boolean {
  try {
    return JSON.stringify(JSON.parse(decodeURIComponent(encoded))) === JSON.stringify(document);
  } catch {
    return false;
  }
}
