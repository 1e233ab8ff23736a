import {open, type FileHandle} from 'node:fs/promises';
import type {Audit} from '../../core/audit.ts';
import type {Logger} from '../../core/connector.ts';

/** An audit and what it holds open. */
export interface AuditStage extends Audit {
  close(): Promise<void>;
}

/** A log, and how to have it with a level of its own. */
interface Leveled {
  child(fields: object, level: 'info'): Logger;
}

/** Audit records as JSON lines in a file, which is made when it is not there, or in the log, whatever its level. */
export function createAudit(to: {file: string} | {log: Leveled}): AuditStage {
  return 'file' in to ? toFile(to.file) : toLog(to.log.child({}, 'info'));
}

function toLog(log: Logger): AuditStage {
  return {
    append(records) {
      for (const record of records) log.info({audit: record}, 'Decided');
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}

/** One write a batch, one at a time. A write that failed may have left half a line: the next one begins on its own. */
function toFile(file: string): AuditStage {
  let handle: FileHandle | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let isTorn = false;
  const write = async (text: string): Promise<void> => {
    if (handle === undefined) {
      handle = await open(file, 'a+', 0o640);
      isTorn = await endsWithinLine(handle);
    }
    const start = isTorn ? '\n' : '';
    isTorn = true;
    await handle.appendFile(start + text);
    isTorn = false;
  };
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const turn = last.then(work);
    last = turn.catch(() => undefined);
    return turn;
  };
  return {
    append(records) {
      if (records.length === 0) return Promise.resolve();
      const text = records.map((record) => `${JSON.stringify(record)}\n`).join('');
      return inTurn(() => write(text));
    },
    close: () =>
      inTurn(async () => {
        await handle?.close();
        handle = undefined;
      }),
  };
}

async function endsWithinLine(handle: FileHandle): Promise<boolean> {
  const {size} = await handle.stat();
  if (size === 0) return false;
  const {buffer} = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== 0x0a;
}
