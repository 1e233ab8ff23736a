import {isObject, textOf, type JsonObject} from '../../../src/core/json.ts';
import {queries} from '../identities.ts';
import type {Reply} from './replies.ts';
import type {Identity} from './store.ts';
import type {Asked} from './world.ts';

/** The two queries that the connectors know; GraphQL answers 200 to what it refuses too. */
export function answerGraphql(
  {body, store, rules}: Pick<Asked, 'body' | 'store' | 'rules'>,
  isOwner: boolean,
): Reply {
  const variables = isObject(body['variables']) ? body['variables'] : {};
  const {name, userName, after} = variables;
  const kind = body['query'] === queries.organization ? 'organization' : 'enterprise';
  if (body['query'] !== queries[kind])
    return refused({
      extensions: {code: 'undefinedField'},
      message: "Field 'x' doesn't exist on type 'Query'",
    });
  if (kind === 'organization') {
    const organization = store.organizations.find((one) => one.name === textOf(name)?.toLowerCase());
    if (!organization) return failure('NOT_FOUND', 'Could not resolve to an Organization');
    const rows = [...organization.identities.values()];
    const seen = isOwner && organization.hasSaml;
    return {
      status: 200,
      body: {
        data: {
          organization: {
            samlIdentityProvider: seen ? connection(rows, userName, after, rules.pageSize) : null,
          },
        },
      },
    };
  }
  const {enterprise} = store;
  if (enterprise.name !== name) return failure('NOT_FOUND', 'Could not resolve to a Business');
  const found = connection([...enterprise.identities.values()], userName, after, rules.pageSize);
  const ownerInfo = {
    samlIdentityProvider: enterprise.provider === 'saml' ? found : null,
    oidcProvider: enterprise.provider === 'oidc' ? found : null,
  };
  return {status: 200, body: {data: {enterprise: {ownerInfo: isOwner ? ownerInfo : null}}}};
}

const failure = (type: string, message: string): Reply => refused({type, message});

/** GraphQL's form of a refusal, with status 200; not every error has a `type`. */
export const refused = (error: JsonObject): Reply => ({status: 200, body: {data: null, errors: [error]}});

/** A token (classic) that was not authorized for the organization's single sign-on. */
export const samlRefused = (): Reply =>
  refused({
    type: 'FORBIDDEN',
    extensions: {saml_failure: true},
    message: 'Resource protected by organization SAML enforcement.',
  });

function connection(
  all: readonly Identity[],
  userName: unknown,
  after: unknown,
  pageSize: number,
): JsonObject {
  const rows = all.filter(({resource}) => typeof userName !== 'string' || resource['userName'] === userName);
  const start = Number(after ?? 0);
  const nodes = rows.slice(start, start + pageSize).map(({id, login, nameId, isSamlAlone, resource}) => ({
    guid: id,
    scimIdentity: isSamlAlone ? null : {username: resource['userName'] ?? null},
    samlIdentity: nameId === undefined ? null : {nameId},
    user: login === undefined ? null : {login},
  }));
  const end = start + nodes.length;
  return {
    externalIdentities: {
      totalCount: rows.length,
      nodes,
      pageInfo: {hasNextPage: end < rows.length, endCursor: nodes.length > 0 ? String(end) : null},
    },
  };
}
