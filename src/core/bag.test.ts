import {describe, expect, test} from '@jest/globals';
import fc from 'fast-check';
import {Bag, nowhere, type Placed} from './bag.ts';

interface Thing extends Placed {
  name: number;
}

describe('a bag', () => {
  test('holds what a Set would, whatever comes and goes', () => {
    const steps = fc.array(fc.record({name: fc.nat(12), comes: fc.boolean()}), {maxLength: 200});
    fc.assert(
      fc.property(steps, (list) => {
        const things = Array.from({length: 13}, (_, name): Thing => ({name, place: nowhere}));
        const bag = new Bag<Thing>();
        const model = new Set<Thing>();
        for (const {name, comes} of list) {
          const thing = things[name];
          if (thing === undefined) throw new Error('no such thing');
          if (comes && !model.has(thing)) bag.add(thing);
          if (comes) model.add(thing);
          else expect(bag.remove(thing)).toBe(model.delete(thing));
          expect(bag.size).toBe(model.size);
          expect(new Set(bag.all)).toEqual(model);
        }
      }),
    );
  });

  test('may lose all that is in it while it is gone through', () => {
    const bag = new Bag<Thing>();
    for (let name = 0; name < 5; name += 1) bag.add({name, place: nowhere});
    for (const thing of bag.all) bag.remove(thing);
    expect(bag.size).toBe(0);
  });
});
