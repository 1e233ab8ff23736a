import {ok, z, type GroupPort} from 'avro-scim/connector';
import type {Ask} from './client.ts';
import {team} from './mapping.ts';
import {createResources} from './resources.ts';

/** Teams, and who is in them. */
export function createTeams(ask: Ask): GroupPort {
  const at = (id: string): string => `${team.path}/${encodeURIComponent(id)}/members`;
  return {
    ...createResources(ask, team),
    membersPerRequest: 20,
    async changeMembers(teamId, {add, remove}, options) {
      const question = {method: 'PATCH', path: at(teamId), operation: 'change members'} as const;
      const body = {add, remove};
      const done = await ask({...question, body, answer: z.undefined(), expected: ['missing']}, options);
      return done.ok ? ok(done.value ?? 'changed') : done;
    },
    async hasMember(teamId, personId, options) {
      const path = `${at(teamId)}/${encodeURIComponent(personId)}`;
      const answer = z.object({member: z.boolean()});
      const question = {method: 'GET', path, operation: 'read member', answer} as const;
      const found = await ask({...question, expected: ['missing']}, options);
      if (!found.ok) return found;
      return ok(found.value !== 'missing' && found.value.member);
    },
  };
}
