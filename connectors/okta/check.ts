import {clearTextWarnings, clockWarnings} from '../../src/core/check-warnings.ts';
import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import {dateOf} from '../../src/core/headers.ts';
import {isObject, textOf} from '../../src/core/json.ts';
import type {CallOptions, CheckReport} from '../../src/core/port.ts';
import {type Answer} from './client.ts';
import {hasCode, unknownAnswer} from './errors.ts';
import {checkCredential} from './check-credential.ts';
import type {Org} from './org.ts';

/** Address, credential, rights, the attribute for the externalId, and the clock. */
export async function check(org: Org, signal: AbortSignal): Promise<Result<CheckReport>> {
  const options = {signal};
  const users = await probe(org, 'users', options);
  if (!users.ok) return users;
  const groups = await probe(org, 'groups', options);
  if (!groups.ok) return groups;
  const credential = await checkCredential(org, options);
  if (!credential.ok) return credential;
  const attributes = await checkAttributes(org, options);
  if (!attributes.ok) return attributes;
  const {orgUrl} = org.context.config();
  return ok({
    summary: `${new URL(orgUrl).host} answers as Okta, ${credential.value.as}`,
    ...(credential.value.createdAt === undefined ? {} : {credentialCreatedAt: credential.value.createdAt}),
    warnings: [...attributes.value, ...warnings(orgUrl, users.value, org.context.now())],
  });
}

async function probe(org: Org, what: 'users' | 'groups', options: CallOptions): Promise<Result<Answer>> {
  const call = {method: 'GET', path: `/api/v1/${what}`, query: {limit: '1'}, operation: 'probe'} as const;
  const answered = await org.ask(call, options);
  if (!answered.ok) return failed(explained(answered.failure, what));
  const {body, status, exchange} = answered.value;
  const isList =
    Array.isArray(body) &&
    body.every((row) => isObject(row) && textOf(row['id']) && isObject(row['profile']));
  return isList ? answered : unknownAnswer(exchange, status);
}

/** The failure with what is to be done about it. */
function explained(failure: Failure, what: 'users' | 'groups'): Failure {
  if (failure.cause.endsWith('not Okta'))
    return {
      ...failure,
      message: 'what answers at orgUrl is not the Okta API: expected an org such as https://acme.okta.com',
    };
  if (failure.status === 401) return {...failure, message: refusedCredential};
  if (failure.status !== 403) return failure;
  return {
    ...failure,
    message:
      `the credential may not read ${what}: grant the app okta.${what}.manage under Okta API Scopes and an admin role under ` +
      `Admin roles, or give the API token's account an admin role that covers ${what}`,
  };
}

const refusedCredential =
  'Okta refuses the credential: an API token ends with the account that made it, or after 30 days without use; make one ' +
  'under Security > API > Tokens';

/** Warnings; a failure where an attribute that would be written is not there. */
async function checkAttributes(org: Org, options: CallOptions): Promise<Result<string[]>> {
  const {externalIdAttribute, groupExternalIdAttribute} = org.context.config();
  const found: string[] = [];
  for (const [kind, attribute] of [
    ['user', externalIdAttribute],
    ['group', groupExternalIdAttribute],
  ] as const) {
    if (attribute === undefined) continue;
    const known = await hasAttribute(org, kind, attribute, options);
    if (!known.ok) return known;
    if (!known.value) return failed(attributeMissing(kind, attribute));
  }
  if (groupExternalIdAttribute === undefined)
    found.push('groupExternalIdAttribute is not set: groups are known by their name alone');
  return ok(found);
}

const attributeMissing = (kind: 'user' | 'group', attribute: string): Failure => ({
  kind: 'rejected',
  message:
    `the ${kind} profile has no text attribute ${attribute}: add it in the Admin Console under Directory > Profile Editor > ` +
    `Okta ${kind === 'user' ? 'User (default)' : 'Group'} > Add Attribute, data type string, variable name ${attribute}`,
  cause: `no ${kind} attribute`,
});

/** By the schema; where that may not be read, by whether Okta's search knows the name. */
async function hasAttribute(
  org: Org,
  kind: 'user' | 'group',
  attribute: string,
  options: CallOptions,
): Promise<Result<boolean>> {
  const path = `/api/v1/meta/schemas/${kind}/default`;
  const schema = await org.ask({method: 'GET', path, operation: 'read schema'}, options);
  if (schema.ok) return ok(isTextIn(schema.value, attribute));
  if (schema.failure.status !== 403) return schema;
  const search = `profile.${attribute} eq "avro-scim"`;
  const call = {
    method: 'GET',
    path: `/api/v1/${kind}s`,
    query: {search, limit: '1'},
    operation: 'probe',
  } as const;
  const searched = await org.ask(call, options);
  if (searched.ok) return ok(true);
  return hasCode(searched.failure, 'E0000031') ? ok(false) : searched;
}

function isTextIn({body}: Answer, attribute: string): boolean {
  const definitions = isObject(body) ? body['definitions'] : undefined;
  return ['base', 'custom'].some((part) => {
    const definition = isObject(definitions) ? definitions[part] : undefined;
    const properties = isObject(definition) ? definition['properties'] : undefined;
    const property = isObject(properties) ? properties[attribute] : undefined;
    return isObject(property) && property['type'] === 'string';
  });
}

const warnings = (orgUrl: string, {headers}: Answer, now: number): string[] => [
  ...clockWarnings(now - (dateOf(headers) ?? now), 'Okta'),
  ...clearTextWarnings(orgUrl),
];
