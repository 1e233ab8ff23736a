import {clearTextWarnings, clockWarnings} from '../../src/core/check-warnings.ts';
import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import type {CheckReport} from '../../src/core/port.ts';
import type {Account} from './account.ts';
import {missingRights} from './rights.ts';

/** Address, credential, rights as far as IAM tells them, the account, and the clock, which signatures depend on. */
export async function check(account: Account, signal: AbortSignal): Promise<Result<CheckReport>> {
  const {aws} = account;
  const {path, assumeRole} = account.config();
  const input = {PathPrefix: path, MaxItems: 1};
  const users = await aws.ask('ListUsers', {signal}, (iam, passed) => iam.listUsers(input, passed));
  if (!users.ok) return failed(explained(users.failure));
  const groups = await aws.ask('ListGroups', {signal}, (iam, passed) => iam.listGroups(input, passed));
  if (!groups.ok) return failed(explained(groups.failure));
  const arn = users.value.Users?.[0]?.Arn ?? groups.value.Groups?.[0]?.Arn ?? '';
  const accountId = /^arn:[\w-]+:iam::(\d{12}):/.exec(arn)?.[1];
  const as = assumeRole ? `as the role ${assumeRole.roleArn}` : 'with the credential of the default chain';
  const missing = await missingRights(account, {signal});
  const untested =
    missing === undefined
      ? '; only the rights to list were tested: allow it iam:SimulatePrincipalPolicy to have all of them tested'
      : '';
  return ok({
    summary: `AWS IAM answers${accountId === undefined ? '' : ` for account ${accountId}`}, ${as}${untested}`,
    warnings: [
      ...(missing === undefined || missing.length === 0
        ? []
        : [`the credential may not do what the README of the connector lists: ${missing.join(', ')}`]),
      ...warnings(account),
    ],
  });
}

const warnings = ({aws, config}: Account): string[] => [
  ...clockWarnings(aws.skewMs(), 'AWS').map(
    (warning) => `${warning}: beyond five minutes AWS refuses every request`,
  ),
  ...clearTextWarnings(config().endpoint ?? 'https://iam.amazonaws.com', 'names and policies travel'),
];

function explained(failure: Failure): Failure {
  if (failure.cause.endsWith('not IAM'))
    return {
      ...failure,
      message:
        'what answers at endpoint is not AWS IAM: leave endpoint out, unless a proxy or a VPC endpoint stands there',
    };
  return failure;
}
