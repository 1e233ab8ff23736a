import type {AuditRecord} from '../../core/audit.ts';
import type {Settle, SettleReply} from '../../core/state.ts';
import type {DispatchContext} from './context.ts';
import {persist} from './persist.ts';

interface Item {
  settle: Settle;
  audit: AuditRecord | undefined;
  resolve: (reply: SettleReply) => void;
}

export interface SettleQueue {
  settle(settle: Settle, audit: AuditRecord | undefined): Promise<SettleReply>;
}

const maxBatch = 256;
const lost: SettleReply = {
  held: false,
  groups: [],
  people: [],
  hasLetters: false,
  hasLane: false,
  closed: [],
};

/**
 * Makes what is done durable, a batch a round trip: whatever ends while one is written waits for the next. The audit
 * records go first (a state without its record would be a change that nobody can prove).
 */
export function createSettleQueue(context: DispatchContext): SettleQueue {
  const waiting: Item[] = [];
  let flushing = false;

  async function write(batch: readonly Item[]): Promise<SettleReply[]> {
    const records = batch.flatMap(({audit}) => (audit ? [audit] : []));
    if (records.length > 0) await persist(context, 'audit', () => context.audit.append(records));
    return persist(context, 'settle', () => context.state.settle(batch.map(({settle}) => settle)));
  }

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, maxBatch);
      // It rejects only when the program stops: then nothing was settled, as after a lost lease.
      const replies = await write(batch).catch((): SettleReply[] => []);
      for (const [i, {resolve}] of batch.entries()) resolve(replies[i] ?? lost);
    }
    flushing = false;
  }

  return {
    settle(settle, audit) {
      return new Promise((resolve) => {
        waiting.push({settle, audit, resolve});
        if (flushing) return;
        flushing = true;
        // One turn later: what ends in this turn of the event loop goes together.
        setImmediate(() => void flush());
      });
    },
  };
}
