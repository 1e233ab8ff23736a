import {ok, type Result} from '../../src/core/failure.ts';
import type {CallOptions, ResourcePort} from '../../src/core/port.ts';
import {create, read, reads, write} from '../github/scim.ts';
import {toRemote} from '../github/scim-mapping.ts';
import type {Enterprise} from './enterprise.ts';
import {patchBody, patchOperations, toBody} from './mapping.ts';

type Update = Parameters<ResourcePort['update']>[1];

/** The managed users of one enterprise, suspended ones too. */
export function createUsers(enterprise: Enterprise): ResourcePort {
  const sendRoles = (): boolean => enterprise.context.config().sendRoles;
  return {
    ...reads(enterprise.scim, 'user'),
    create: (attributes, options) =>
      create(enterprise.scim, 'user', toBody(attributes, sendRoles()), options),
    update: (id, update, options) => updateUser(enterprise, id, update, options),
  };
}

async function updateUser(
  {scim, context}: Enterprise,
  id: string,
  {desired, changed, current}: Update,
  options: CallOptions,
): Promise<Result<'updated' | 'missing' | 'exists'>> {
  const {sendRoles} = context.config();
  let operations = patchOperations(desired, changed, current?.attributes, sendRoles);
  // What is not there can not be removed, so it has to be known what is.
  const isReadFirst = !current && (!changed || operations.some(({op}) => op === 'remove'));
  if (isReadFirst) {
    const found = await read(scim, 'user', id, options);
    if (!found.ok) return found;
    const remote = found.value && toRemote(found.value);
    if (!remote) return ok('missing');
    operations = patchOperations(desired, undefined, remote.attributes, sendRoles);
  }
  if (operations.length === 0) return ok('updated');
  return write(scim, 'user', id, {method: 'PATCH', body: patchBody(operations)}, options);
}
