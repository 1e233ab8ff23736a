import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import type {CheckReport} from '../../src/core/port.ts';
import type {Account} from './account.ts';

const clockSkewMs = 60_000;

/** Address, credential, the rights to list, the account, and the clock, which signatures depend on. */
export async function check({aws}: Account, signal: AbortSignal): Promise<Result<CheckReport>> {
  const {path, assumeRole, endpoint} = aws.config();
  const input = {PathPrefix: path, MaxItems: 1};
  const users = await aws.ask('ListUsers', {signal}, (iam, passed) => iam.listUsers(input, passed));
  if (!users.ok) return failed(explained(users.failure));
  const groups = await aws.ask('ListGroups', {signal}, (iam, passed) => iam.listGroups(input, passed));
  if (!groups.ok) return failed(explained(groups.failure));
  const arn = users.value.Users?.[0]?.Arn ?? groups.value.Groups?.[0]?.Arn ?? '';
  const account = /^arn:[\w-]+:iam::(\d{12}):/.exec(arn)?.[1];
  const as = assumeRole ? `as the role ${assumeRole.roleArn}` : 'with the credential of the default chain';
  const skewMs = aws.skewMs();
  const {protocol, hostname} = new URL(endpoint ?? 'https://iam.amazonaws.com');
  const isClear = protocol === 'http:' && !['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
  return ok({
    summary: `AWS IAM answers${account === undefined ? '' : ` for account ${account}`}, ${as}`,
    warnings: [
      ...(Math.abs(skewMs) > clockSkewMs
        ? [
            `the clock here is ${Math.round(skewMs / 1000)} s ahead of AWS's (negative: behind): beyond five minutes AWS refuses every request`,
          ]
        : []),
      ...(isClear ? ['the address is http: names and policies travel in the clear'] : []),
    ],
  });
}

function explained(failure: Failure): Failure {
  if (failure.cause.endsWith('not IAM'))
    return {
      ...failure,
      message:
        'what answers at endpoint is not AWS IAM: leave endpoint out, unless a proxy or a VPC endpoint stands there',
    };
  return failure;
}
