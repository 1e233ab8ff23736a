import type {ResourcePort} from '../../src/core/port.ts';
import type {Center} from './client.ts';
import type {Denials} from './denials.ts';
import {createResources} from './resources.ts';

/** Users of one Identity Center. Who comes back is let in by the deny policies first: those of a cut-off outlast it. */
export function createUsers(center: Center, denials: Denials): ResourcePort {
  const users = createResources(center, 'user');
  return {
    ...users,
    async update(id, update, options) {
      const {desired, changed, current} = update;
      // Who is active has been let in by then: the account is opened last.
      const isShut = current ? current.attributes['active'] !== true : !changed || changed.includes('active');
      const isOpened = desired['active'] === true && isShut;
      const lifted = isOpened ? await denials.lift(id, options) : undefined;
      return lifted && !lifted.ok ? lifted : users.update(id, update, options);
    },
  };
}
