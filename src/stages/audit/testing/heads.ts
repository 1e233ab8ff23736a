import type {Head} from '../../../core/audit/written.ts';
import type {Heads} from '../heads.ts';

/** What Redis keeps of heads, without Redis. */
export function memoryHeads(): Heads {
  const kept = new Map<string, Head>();
  return {
    read: () => Promise.resolve([...kept.values()]),
    keep: (head) => Promise.resolve(void kept.set(head.writer, head)),
    drop(heads) {
      for (const head of heads) {
        if (JSON.stringify(kept.get(head.writer)) === JSON.stringify(head)) kept.delete(head.writer);
      }
      return Promise.resolve();
    },
  };
}
