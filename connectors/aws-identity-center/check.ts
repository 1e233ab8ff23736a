import {clearTextWarnings, clockWarnings} from '../../src/core/check-warnings.ts';
import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import {dateOf} from '../../src/core/headers.ts';
import {textOf} from '../../src/core/json.ts';
import type {CallOptions, CheckReport} from '../../src/core/port.ts';
import type {Answer, Center} from './client.ts';
import type {Denials} from './denials.ts';
import type {IdentityCenterConfig} from './manifest.ts';
import {pathOf} from './resources.ts';
import {rowsOf} from './pages.ts';

const warnAheadMs = 30 * 86_400_000;

/** Address, whose service it is, token, rights, clock, and the token's end where the config says it: AWS does not. */
export async function check(
  center: Center,
  denials: Denials,
  signal: AbortSignal,
): Promise<Result<CheckReport>> {
  const described = await describe(center, {signal});
  if (!described.ok) return failed(explained(described.failure));
  for (const kind of ['user', 'group'] as const) {
    const call = {method: 'GET', path: pathOf(kind), query: {count: '1'}, operation: 'probe'} as const;
    const answered = await center.ask(call, {signal});
    const rows = answered.ok ? rowsOf(answered.value) : answered;
    if (!rows.ok) return failed(explained(rows.failure));
  }
  const config = center.context.config();
  const now = center.context.now();
  const expiresAt = config.tokenExpires === undefined ? undefined : Date.parse(config.tokenExpires);
  return ok({
    summary: `${new URL(config.endpoint).host} answers as AWS IAM Identity Center, with an access token`,
    ...(expiresAt === undefined ? {} : {credentialExpiresAt: expiresAt}),
    warnings: [
      ...tokenWarnings(expiresAt, now),
      ...warnings(config, described.value, now),
      ...(await denials.warnings({signal})),
    ],
  });
}

const awsHost = /^scim\.[a-z0-9-]+\.(amazonaws\.com(\.cn)?|api\.aws|api\.amazonwebservices\.com\.cn)$/;

/** ServiceProviderConfig names AWS's own documentation; behind a proxy that is how the service is told. */
async function describe(center: Center, options: CallOptions): Promise<Result<Answer>> {
  const call = {method: 'GET', path: '/ServiceProviderConfig', operation: 'read capabilities'} as const;
  const answered = await center.ask(call, options);
  if (!answered.ok) return answered;
  const documentation = textOf(answered.value.body?.['documentationUri']) ?? '';
  const isAws =
    awsHost.test(new URL(center.context.config().endpoint).hostname) ||
    documentation.includes('/singlesignon/');
  return isAws ? answered : failed(notAws(answered.value));
}

const notAws = ({status, exchange}: Answer): Failure => ({
  kind: 'rejected',
  message: "what answers at endpoint is a SCIM service, but not AWS's: another takes the connector scim",
  cause: `${status} not AWS`,
  status,
  exchange,
});

/** The failure with what is to be done about it. */
function explained(failure: Failure): Failure {
  if (failure.cause.endsWith('not SCIM') && failure.status !== 401 && failure.status !== 403)
    return {
      ...failure,
      message:
        'what answers at endpoint is not a SCIM endpoint: copy it from the console, Settings > Identity source > Actions > ' +
        'Manage provisioning',
    };
  if (failure.status === 401)
    return {
      ...failure,
      message:
        'AWS refuses the token, or knows no such tenant: compare endpoint with the console; a token ends after a year, and is ' +
        'made under Settings > Identity source > Actions > Manage provisioning > Generate token',
    };
  if (failure.status === 403)
    return {
      ...failure,
      message:
        'the token may not do this: automatic provisioning may be off, or the token may be of another Identity Center; make ' +
        'one under Settings > Identity source > Actions > Manage provisioning > Generate token',
    };
  return failure;
}

function tokenWarnings(expiresAt: number | undefined, now: number): string[] {
  if (expiresAt === undefined)
    return ['tokenExpires is not set: AWS does not tell when the token ends, a year after it was made'];
  if (expiresAt - now > warnAheadMs) return [];
  const days = Math.floor((expiresAt - now) / 86_400_000);
  return [
    days < 0
      ? 'by tokenExpires the token has ended: set it to the day of the token that is used'
      : `the token ends in ${days} days: generate the second one, and set both until the first is deleted`,
  ];
}

const warnings = ({endpoint}: IdentityCenterConfig, {headers}: Answer, now: number): string[] => [
  ...clockWarnings(now - (dateOf(headers) ?? now), 'AWS'),
  ...clearTextWarnings(endpoint, 'the token travels'),
];
