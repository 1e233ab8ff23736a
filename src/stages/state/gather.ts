interface Waiting<Item, Reply> {
  item: Item;
  resolve: (reply: Reply) => void;
  reject: (error: unknown) => void;
}

/** In one call, at most: a script that runs long keeps everybody else from Redis. */
const maxGathered = 256;

/**
 * Asks at once for what is asked for in one turn of the event loop, at most 256 a call: what a call to Redis costs is the
 * writing to its socket, whatever is written. `ask` gives a reply for each item, in their order; when it rejects, each of them does.
 */
export function gathered<Item, Reply>(
  ask: (items: readonly Item[]) => Promise<readonly Reply[]>,
): (item: Item) => Promise<Reply> {
  let waiting: Waiting<Item, Reply>[] = [];

  async function answer(batch: readonly Waiting<Item, Reply>[]): Promise<void> {
    try {
      const replies = await ask(batch.map(({item}) => item));
      if (replies.length !== batch.length)
        throw new Error(`${batch.length} were asked for, and ${replies.length} answered`);
      for (const [i, {resolve}] of batch.entries()) resolve(replies[i] as Reply);
    } catch (error) {
      for (const {reject} of batch) reject(error);
    }
  }

  function askAll(): void {
    const all = waiting;
    waiting = [];
    for (let from = 0; from < all.length; from += maxGathered)
      void answer(all.slice(from, from + maxGathered));
  }

  return (item) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) setImmediate(askAll);
      waiting.push({item, resolve, reject});
    });
}
