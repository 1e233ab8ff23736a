import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import {textOf, type JsonObject} from '../../src/core/json.ts';
import type {CallOptions} from '../../src/core/port.ts';
import {hasCode} from './errors.ts';
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

/** The status that Okta is taking an account to, while it does. */
const headingOf = (user: JsonObject): string | undefined => textOf(user['transitioningToStatus']);

/** Whether the account is deactivated for good, and not on its way out of that again. */
const isDeactivated = (user: JsonObject): boolean =>
  textOf(user['status']) === 'DEPROVISIONED' && headingOf(user) === undefined;

const underWay = (failure: Failure): Failure => ({
  ...failure,
  kind: 'transient',
  message: 'Okta is still changing the status of the account',
  cause: `${failure.cause} under way`.trim(),
});

const onItsWay: Failure = underWay({kind: 'transient', message: '', cause: 'status'});

const unlessUnderWay = (user: JsonObject | undefined, failure: Failure): Failure =>
  user && headingOf(user) !== undefined ? underWay(failure) : failure;

/** A refusal of the status that an account has (E0000038) passes where that status is changing. */
export async function refused(
  org: Org,
  id: string,
  failure: Failure,
  options: CallOptions,
): Promise<{ok: false; failure: Failure}> {
  if (!hasCode(failure, 'E0000038')) return failed(failure);
  const user = await readById(org, 'user', id, options);
  if (!user.ok) return user;
  return failed(unlessUnderWay(user.value, failure));
}

/** What is asked of an account that may be deactivated: Okta may refuse it then (E0000038), as there is nothing left. */
export async function unlessDeactivated<T>(
  org: Org,
  id: string,
  asked: Promise<Result<T>>,
  options: CallOptions,
): Promise<Result<T | 'deactivated'>> {
  const answered = await asked;
  if (answered.ok || !hasCode(answered.failure, 'E0000038')) return answered;
  const user = await readById(org, 'user', id, options);
  if (!user.ok) return user;
  if (user.value && isDeactivated(user.value)) return ok('deactivated');
  return failed(unlessUnderWay(user.value, answered.failure));
}

/** Activates the account. Its answer may hold an activation token, so nothing of it is kept. */
export async function activate(org: Org, id: string, options: CallOptions): Promise<Done> {
  const sendEmail = String(org.context.config().activation === 'email');
  const done = await lifecycle(org, id, 'activate', options, {sendEmail});
  if (done.ok) return done;
  return hasCode(done.failure, 'E0000016') ? ok('done') : refused(org, id, done.failure, options);
}

/** Lets a person in again, by the way that the account's status leaves open. */
export async function letIn(org: Org, user: JsonObject, options: CallOptions): Promise<Done> {
  const id = textOf(user['id']) ?? '';
  if (isActive(user)) return ok('done');
  // On its way out, an account that is active still would be called so.
  if (headingOf(user) !== undefined) return failed(onItsWay);
  return textOf(user['status']) === 'SUSPENDED'
    ? lifecycle(org, id, 'unsuspend', options)
    : activate(org, id, options);
}

/**
 * Suspends or deactivates, as the config says. Okta suspends an ACTIVE account alone: one that is locked out, or waits for
 * a password or an activation, could still be opened by its person, and is deactivated. One that is on its way to be
 * deactivated is done; how far it is, the verifying read tells.
 */
export async function shutOut(org: Org, id: string, options: CallOptions): Promise<Done> {
  if (org.context.config().deactivation === 'deactivate') return deactivate(org, id, options);
  const user = await readById(org, 'user', id, options);
  if (!user.ok) return user;
  if (!user.value) return ok('missing');
  const heading = headingOf(user.value);
  if (heading !== undefined) return heading === 'DEPROVISIONED' ? ok('done') : failed(onItsWay);
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
  // Refused where it is deactivated already, or is being.
  const user = await readById(org, 'user', id, options);
  if (!user.ok) return user;
  if (!user.value) return ok('missing');
  const heading = headingOf(user.value);
  if (heading !== undefined) return heading === 'DEPROVISIONED' ? ok('done') : failed(underWay(done.failure));
  return isDeactivated(user.value) ? ok('done') : done;
}
