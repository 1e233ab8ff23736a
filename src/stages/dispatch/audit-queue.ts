import type {Audit, AuditRecord} from '../../core/audit.ts';

interface Waiting {
  records: readonly AuditRecord[];
  resolve: () => void;
  reject: (error: unknown) => void;
}

/**
 * Writes what comes while a write is under way together, in its order: a claim decides hundreds of changes at once, each
 * with a record of its own. A write that fails fails for all that went with it, and each of them comes again.
 */
export function createAuditQueue(audit: Audit): Audit {
  let waiting: Waiting[] = [];
  let writing = false;

  async function flush(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await audit.append(batch.flatMap(({records}) => records));
        for (const {resolve} of batch) resolve();
      } catch (error) {
        for (const {reject} of batch) reject(error);
      }
    }
    writing = false;
  }

  return {
    append: (records) =>
      new Promise((resolve, reject) => {
        waiting.push({records, resolve, reject});
        if (writing) return;
        writing = true;
        // After this turn's promises: what is decided together is written together.
        setImmediate(() => void flush());
      }),
  };
}
