import type {ConnectorContext} from '../../src/core/connector.ts';
import {ok, type Result} from '../../src/core/failure.ts';
import {textOf, type JsonObject} from '../../src/core/json.ts';
import type {CallOptions} from '../../src/core/port.ts';
import {createClient, type Ask} from './client.ts';
import {unknownAnswer} from './errors.ts';
import type {OktaConfig} from './manifest.ts';
import {objectOf} from './pages.ts';

/** One Okta org: how to ask it, and what the config says of it now. */
export interface Org {
  ask: Ask;
  context: ConnectorContext<OktaConfig>;
}

export const createOrg = (context: ConnectorContext<OktaConfig>): Org => ({
  ask: createClient(context),
  context,
});

export const userPath = (id: string, below = ''): string => `/api/v1/users/${encodeURIComponent(id)}${below}`;
export const groupPath = (id: string, below = ''): string =>
  `/api/v1/groups/${encodeURIComponent(id)}${below}`;

/** The user or group with this id; nothing when there is none. Failure: an answer with another id, as Okta takes a login too. */
export async function readById(
  {ask}: Org,
  kind: 'user' | 'group',
  id: string,
  options: CallOptions,
): Promise<Result<JsonObject | undefined>> {
  const path = kind === 'user' ? userPath(id) : groupPath(id);
  const answered = await ask({method: 'GET', path, operation: `read ${kind}`, missing: true}, options);
  if (!answered.ok) return answered;
  if (answered.value.status === 404) return ok(undefined);
  const found = objectOf(answered.value);
  // Another's account says nothing of this one: not that it is gone, either.
  if (found.ok && textOf(found.value['id']) !== id)
    return unknownAnswer(answered.value.exchange, answered.value.status);
  return found;
}

/** A call whose answer has nothing to read. */
export async function act(
  {ask}: Org,
  call: {method: 'POST' | 'PUT' | 'DELETE'; path: string; query?: Record<string, string>; operation: string},
  options: CallOptions,
): Promise<Result<'done' | 'missing'>> {
  const answered = await ask({...call, missing: true}, options);
  if (!answered.ok) return answered;
  return ok(answered.value.status === 404 ? 'missing' : 'done');
}
