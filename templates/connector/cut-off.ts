import {ok, z, type CutOffMode, type CutOffStep, type ResourcePort} from 'avro-scim/connector';
import type {Ask} from './client.ts';
import {person} from './mapping.ts';

/** What ends somebody's access, in the order that cuts it first. Each step reads back what it did. */
export const cutOffSteps = (ask: Ask, people: ResourcePort, mode: CutOffMode): CutOffStep[] => [
  deactivate(people),
  endSessions(ask),
  ...(mode === 'delete' ? [remove(people)] : []),
];

const deactivate = (people: ResourcePort): CutOffStep => ({
  name: 'deactivate',
  async act(id, options) {
    const done = await people.update(id, {desired: {active: false}}, options);
    return done.ok ? ok(done.value === 'missing' ? 'missing' : 'done') : done;
  },
  async verify(id, options) {
    const found = await people.get(id, options);
    return found.ok ? ok({ended: found.value?.attributes['active'] !== true}) : found;
  },
});

const endSessions = (ask: Ask): CutOffStep => {
  const path = (id: string): string => `${person.path}/${encodeURIComponent(id)}/sessions`;
  return {
    name: 'sessions',
    async act(id, options) {
      const question = {method: 'DELETE', path: path(id), operation: 'end sessions'} as const;
      const done = await ask({...question, answer: z.undefined(), expected: ['missing']}, options);
      return done.ok ? ok(done.value ?? 'done') : done;
    },
    async verify(id, options) {
      const answer = z.object({sessions: z.array(z.string())});
      const question = {method: 'GET', path: path(id), operation: 'read sessions', answer} as const;
      const found = await ask({...question, expected: ['missing']}, options);
      if (!found.ok) return found;
      const isOver = found.value === 'missing' || found.value.sessions.length === 0;
      return ok({ended: isOver, remains: 'a day pass that was printed, until midnight'});
    },
  };
};

const remove = (people: ResourcePort): CutOffStep => ({
  name: 'delete',
  async act(id, options) {
    const done = await people.remove(id, options);
    return done.ok ? ok(done.value === 'missing' ? 'missing' : 'done') : done;
  },
  async verify(id, options) {
    const found = await people.get(id, options);
    return found.ok ? ok({ended: found.value === undefined}) : found;
  },
});
