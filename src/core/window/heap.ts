/** Something that stands in at most one heap: `key` orders it, `index` is where it stands, -1 when it does not. */
export interface Placed {
  key: number;
  index: number;
}

/** A binary heap, smallest key first, from which any member can be taken out. O(log n) each. */
export class Heap<T extends Placed> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  insert(item: T): void {
    item.index = this.#items.length;
    this.#items.push(item);
    this.#rise(item);
  }

  /** Takes out the member with the smallest key. */
  pop(): T | undefined {
    const first = this.#items[0];
    if (first !== undefined) this.remove(first);
    return first;
  }

  /** Takes out a member, wherever it stands. */
  remove(item: T): void {
    const last = this.#items.pop();
    const index = item.index;
    item.index = -1;
    if (last === undefined || last === item) return;
    this.#put(last, index);
    this.#rise(last);
    this.#sink(last);
  }

  #put(item: T, index: number): void {
    item.index = index;
    this.#items[index] = item;
  }

  #rise(item: T): void {
    while (item.index > 0) {
      const index = item.index;
      const parent = this.#items[(index - 1) >> 1];
      if (parent === undefined || parent.key <= item.key) return;
      const above = parent.index;
      this.#put(parent, index);
      this.#put(item, above);
    }
  }

  #sink(item: T): void {
    for (;;) {
      const index = item.index;
      const child = smaller(this.#items[2 * index + 1], this.#items[2 * index + 2]);
      if (child === undefined || child.key >= item.key) return;
      const below = child.index;
      this.#put(child, index);
      this.#put(item, below);
    }
  }
}

function smaller<T extends Placed>(left: T | undefined, right: T | undefined): T | undefined {
  if (left === undefined || right === undefined) return left;
  return right.key < left.key ? right : left;
}
