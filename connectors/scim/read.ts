import {failed, ok, type Failure, type Result} from '../../src/core/failure.ts';
import type {CallOptions} from '../../src/core/port.ts';
import type {Remote} from '../../src/core/resource.ts';
import type {Answer} from './client.ts';
import {notScim} from './errors.ts';
import {toRemote, type Kind} from './mapping.ts';
import type {Service} from './service.ts';

/** `/Users` or `/Users/<id>` of the service. */
export function pathOf(service: Service, kind: Kind, id?: string): string {
  const {usersPath, groupsPath} = service.profile();
  return (kind === 'user' ? usersPath : groupsPath) + (id === undefined ? '' : `/${encodeURIComponent(id)}`);
}

/** The resource with this id. `attributes` asks for some that a service leaves out unless they are named. */
export async function read(
  service: Service,
  kind: Kind,
  id: string,
  options: CallOptions,
  attributes?: string,
): Promise<Result<Remote | undefined>> {
  const call = {
    method: 'GET',
    path: pathOf(service, kind, id),
    query: attributes === undefined ? {} : ({attributes} as Record<string, string>),
    operation: `read ${kind}`,
  } as const;
  const answered = await service.ask({...call, accept: [404]}, options);
  if (!answered.ok) return answered;
  const {body, status, exchange} = answered.value;
  if (status === 404) return ok(undefined);
  const remote = body && toRemote(body, service.profile());
  if (!remote) return notScim(exchange, status);
  return remote.id === id ? ok(remote) : failed(anotherId(answered.value));
}

/** What it says is not about this account, not even that it is gone. */
const anotherId = ({status, exchange}: Answer): Failure => ({
  kind: 'rejected',
  message: 'the target was asked for one resource and answered with another',
  cause: `${status} another id`,
  status,
  exchange,
});

/** A group with its members, also where they come only when they are asked for. */
export async function readWhole(
  service: Service,
  kind: Kind,
  id: string,
  options: CallOptions,
): Promise<Result<Remote | undefined>> {
  const plain = await read(service, kind, id, options);
  if (kind === 'user' || !plain.ok || !plain.value || plain.value.attributes['members']) return plain;
  const asked = await read(service, kind, id, options, 'members');
  if (!asked.ok || !asked.value) return asked;
  return ok({id, attributes: {...plain.value.attributes, ...asked.value.attributes}});
}
