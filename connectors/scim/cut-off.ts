import {failed, ok} from '../../src/core/failure.ts';
import type {CutOffMode, CutOffStep, ResourcePort} from '../../src/core/port.ts';
import {patchBody} from './patch.ts';
import {createResources, putOver, write} from './resources.ts';
import type {Service} from './service.ts';

/** What no call of SCIM ends: the service may do so by itself, and does not say whether. */
const remains =
  'sessions and tokens that the service does not end with the account: SCIM has no call that ends them, nor one that shows them';

/** SCIM knows `active` and DELETE; sessions and tokens end as the service sees fit (RFC 7643 section 4.1.1). */
export function cutOffSteps(service: Service, mode: CutOffMode): CutOffStep[] {
  const users = createResources(service, 'user');
  const {deactivation: meaning, deleteUsers} = service.profile();
  if (meaning === 'delete-only') return [deletion(users, remains)];
  return mode === 'delete' && deleteUsers
    ? [deactivation(service, users), deletion(users)]
    : [deactivation(service, users)];
}

/** Not through `update`: an allow-list of attributes must not keep a leaver in. */
const deactivation = (service: Service, users: ResourcePort): CutOffStep => ({
  name: 'deactivate',
  async act(id, options) {
    const usesPut = await service.usesPut(options);
    if (!usesPut.ok) return usesPut;
    const active = service.profile().rename['active'] ?? 'active';
    const written = usesPut.value
      ? await putOver(service, 'user', id, {[active]: false}, options)
      : await write(
          service,
          'user',
          id,
          'PATCH',
          patchBody([{op: 'replace', path: active, value: false}], service.profile()),
          options,
        );
    if (!written.ok) return written;
    switch (written.value) {
      case 'updated':
        return ok('done');
      case 'missing':
        return ok('missing');
      case 'exists':
        return failed({
          kind: 'conflict',
          message: 'the target refuses to deactivate',
          cause: '409',
          status: 409,
        });
    }
  },
  async verify(id, options) {
    const user = await users.get(id, options);
    if (!user.ok) return user;
    const ended = user.value === undefined || user.value.attributes['active'] === false;
    return ok({ended, remains});
  },
});

const deletion = (users: ResourcePort, left?: string): CutOffStep => ({
  name: 'delete',
  async act(id, options) {
    const removed = await users.remove(id, options);
    if (!removed.ok) return removed;
    return ok(removed.value === 'missing' ? 'missing' : 'done');
  },
  async verify(id, options) {
    const user = await users.get(id, options);
    if (!user.ok) return user;
    return ok({ended: user.value === undefined, ...(left === undefined ? {} : {remains: left})});
  },
});
