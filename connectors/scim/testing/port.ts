import type {TargetPort} from '../../../src/core/port.ts';
import {scim} from '../index.ts';
import {scripted, type Scripted} from './scripted.ts';

export type Reply = Parameters<typeof scripted>[1];

/** A port to a scripted service that is spoken to by PATCH unless the profile says otherwise. */
export function port(reply: Reply, profile: object = {}): {port: TargetPort; made: Scripted} {
  const made = scripted({auth: {bearer: 't'}, profile: {update: 'patch', ...profile}}, reply);
  return {port: scim.create(made.context), made};
}

export const users = (...names: string[]): object[] =>
  names.map((userName) => ({id: `id-${userName}`, userName}));

/** What a SCIM service says with a 404 (RFC 7644 section 3.12). */
export const noSuch = {
  schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
  status: '404',
  detail: 'no such resource',
};
