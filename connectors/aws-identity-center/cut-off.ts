import {failed, ok, type Result} from '../../src/core/failure.ts';
import type {CutOffMode, CutOffStep} from '../../src/core/port.ts';
import type {Center} from './client.ts';
import type {IdentityCenterConfig} from './manifest.ts';
import {createResources, patch, read} from './resources.ts';

/** The endpoint knows `active` and DELETE: either stops every new sign-in. */
export function cutOffSteps(center: Center, mode: CutOffMode): CutOffStep[] {
  const steps = [deactivation(center)];
  return mode === 'delete' ? [...steps, deletion(center)] : steps;
}

/**
 * What no call to the endpoint ends, and how long it lives at most, counted from the cut-off
 * (https://docs.aws.amazon.com/singlesignon/latest/userguide/authconcept-revoke-access.html).
 */
export function remaining({portalSessionHours, roleSessionHours}: IdentityCenterConfig, id: string): string {
  const portal = portalSessionHours === undefined ? '90 days' : `${portalSessionHours} hours`;
  return (
    `role sessions of permission sets that run, for ${roleSessionHours ?? 12} hours at most: a deny policy on ` +
    `identitystore:UserId ${id} ends them; an access portal session that is open, for ${portal} at most: an administrator ` +
    'can delete it in the console, and with no assignment left it opens no role'
  );
}

const deactivation = (center: Center): CutOffStep => ({
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
    return ok({ended, remains: remaining(center.context.config(), id)});
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
