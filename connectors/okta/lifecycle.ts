import {ok, type Result} from '../../src/core/failure.ts';
import type {CallOptions} from '../../src/core/port.ts';
import {hasCode} from './errors.ts';
import {textOf, type JsonObject} from './json.ts';
import {isActive} from './mapping.ts';
import {act, readById, userPath, type Org} from './org.ts';

type Done = Result<'done' | 'missing'>;

/** One lifecycle operation (https://developer.okta.com/docs/api/openapi/okta-management/management/tags/userlifecycle). */
function lifecycle(
  org: Org,
  id: string,
  name: string,
  options: CallOptions,
  query?: Record<string, string>,
): Promise<Done> {
  const path = userPath(id, `/lifecycle/${name}`);
  return act(org, {method: 'POST', path, operation: `${name} user`, ...(query ? {query} : {})}, options);
}

/** Activates the account. Its answer may hold an activation token, so nothing of it is kept. */
export async function activate(org: Org, id: string, options: CallOptions): Promise<Done> {
  const sendEmail = String(org.context.config().activation === 'email');
  const done = await lifecycle(org, id, 'activate', options, {sendEmail});
  return !done.ok && hasCode(done.failure, 'E0000016') ? ok('done') : done;
}

/** Lets a person in again, by the way that the account's status leaves open. */
export async function letIn(org: Org, user: JsonObject, options: CallOptions): Promise<Done> {
  const id = textOf(user['id']) ?? '';
  if (isActive(user)) return ok('done');
  return textOf(user['status']) === 'SUSPENDED'
    ? lifecycle(org, id, 'unsuspend', options)
    : activate(org, id, options);
}

/**
 * Suspends or deactivates, as the config says. Okta suspends an ACTIVE account alone: one that is locked out, or waits for
 * a password or an activation, could still be opened by its person, and is deactivated.
 */
export async function shutOut(org: Org, id: string, options: CallOptions): Promise<Done> {
  if (org.context.config().deactivation === 'deactivate') return deactivate(org, id, options);
  const user = await readById(org, 'user', id, options);
  if (!user.ok) return user;
  if (!user.value) return ok('missing');
  const status = textOf(user.value['status']);
  if (status === 'SUSPENDED' || status === 'DEPROVISIONED') return ok('done');
  if (status === 'ACTIVE') return lifecycle(org, id, 'suspend', options);
  org.context.log.warn(
    {target: org.context.target, remoteId: id, status},
    'Okta suspends an active account alone: this one is deactivated',
  );
  return deactivate(org, id, options);
}

async function deactivate(org: Org, id: string, options: CallOptions): Promise<Done> {
  const done = await lifecycle(org, id, 'deactivate', options);
  if (done.ok || done.failure.kind !== 'rejected') return done;
  // Refused where it is deactivated already.
  const user = await readById(org, 'user', id, options);
  if (!user.ok) return user;
  if (!user.value) return ok('missing');
  return textOf(user.value['status']) === 'DEPROVISIONED' ? ok('done') : done;
}
