import {expect, test} from '@jest/globals';
import fc from 'fast-check';
import {Heap, type Placed} from './heap.ts';

test('comes out sorted, whatever was taken out of the middle', () => {
  const keys = fc.array(fc.tuple(fc.nat(1000), fc.boolean()), {maxLength: 60});
  fc.assert(
    fc.property(keys, (drawn) => {
      const heap = new Heap<Placed>();
      const items = drawn.map(([key, leaves]) => ({key, leaves, index: -1}));
      for (const item of items) heap.insert(item);
      for (const item of items) if (item.leaves) heap.remove(item);
      const left: number[] = [];
      for (let item = heap.pop(); item; item = heap.pop()) left.push(item.key);
      expect(left).toEqual(items.flatMap(({key, leaves}) => (leaves ? [] : [key])).sort((a, b) => a - b));
      expect(items.every(({index}) => index === -1)).toBe(true);
    }),
  );
});
