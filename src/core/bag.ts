/** What can be in a {@link Bag}, one at a time: it keeps its place there. */
export interface Placed {
  place: number;
}

/** The place of what is in no bag. */
export const nowhere = -1;

/**
 * What is there now, where things come and go all the time. V8's own Set gives each table that it has outgrown a pointer to
 * the next one; once such a table is old, every later one and all that was in it stay until the old space is collected.
 * Here nothing of what has gone is held. Adding and removing are O(1); the order is none.
 */
export class Bag<T extends Placed> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  /** As they are at this moment: they may be removed meanwhile. */
  get all(): T[] {
    return [...this.#items];
  }

  add(item: T): void {
    item.place = this.#items.length;
    this.#items.push(item);
  }

  /** False when it was not there. */
  remove(item: T): boolean {
    const {place} = item;
    if (this.#items[place] !== item) return false;
    const last = this.#items.pop();
    if (last !== undefined && last !== item) {
      this.#items[place] = last;
      last.place = place;
    }
    item.place = nowhere;
    return true;
  }
}
