import {failed, ok, type Result} from '../../src/core/failure.ts';
import type {CutOffMode, CutOffStep} from '../../src/core/port.ts';
import type {Center} from './client.ts';
import {denial, type Denials} from './denials.ts';
import type {IdentityCenterConfig} from './manifest.ts';
import {createResources, patch, read} from './resources.ts';

/** The endpoint knows `active` and DELETE: either stops every new sign-in. What runs is ended where a policy is configured. */
export function cutOffSteps(center: Center, denials: Denials, mode: CutOffMode): CutOffStep[] {
  const {config} = center.context;
  const isDenied = config().denyPolicies.length > 0;
  const remains = (id: string): string => remaining(config(), id);
  const steps = [
    deactivation(center, isDenied ? undefined : remains),
    ...(isDenied ? [denial(denials, remains)] : []),
  ];
  return mode === 'delete' ? [...steps, deletion(center)] : steps;
}

/**
 * What no call to the endpoint ends, and how long it lives at most, counted from the cut-off
 * (https://docs.aws.amazon.com/singlesignon/latest/userguide/authconcept-revoke-access.html).
 */
export function remaining(config: IdentityCenterConfig, id: string): string {
  const {portalSessionHours, roleSessionHours, denyPolicies} = config;
  const portal = portalSessionHours === undefined ? '90 days' : `${portalSessionHours} hours`;
  const role =
    denyPolicies.length === 0
      ? `that run, for ${roleSessionHours ?? 12} hours at most: a deny policy on identitystore:UserId ${id} ends them`
      : `that do not carry the deny policy of their account, for ${roleSessionHours ?? 12} hours at most; those that do, ` +
        'until IAM judges by it everywhere, some minutes';
  return (
    `role sessions of permission sets ${role}; an access portal session that is open, for ${portal} at most: an ` +
    'administrator can delete it in the console, and with no assignment left it opens no role'
  );
}

const deactivation = (center: Center, remains: ((id: string) => string) | undefined): CutOffStep => ({
  name: 'deactivate',
  async act(id, options) {
    const operation = {op: 'replace', path: 'active', value: false};
    const patched = await patch(center, 'user', id, [operation], options);
    if (!patched.ok) return patched;
    switch (patched.value) {
      case 'updated':
        return ok('done');
      case 'missing':
        return ok('missing');
      case 'exists':
        return failed({kind: 'conflict', message: 'AWS refuses to deactivate', cause: '409', status: 409});
    }
  },
  async verify(id, options): Promise<Result<{ended: boolean; remains?: string}>> {
    const user = await read(center, 'user', id, options);
    if (!user.ok) return user;
    const ended = user.value === undefined || user.value.attributes['active'] === false;
    return ok({ended, ...(remains ? {remains: remains(id)} : {})});
  },
});

const deletion = (center: Center): CutOffStep => ({
  name: 'delete',
  async act(id, options) {
    const removed = await createResources(center, 'user').remove(id, options);
    return removed.ok ? ok(removed.value === 'missing' ? 'missing' : 'done') : removed;
  },
  async verify(id, options) {
    const user = await read(center, 'user', id, options);
    return user.ok ? ok({ended: user.value === undefined}) : user;
  },
});
