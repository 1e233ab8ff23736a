import {open, type FileHandle} from 'node:fs/promises';
import type {Audit, AuditRecord} from '../../core/audit.ts';
import type {Logger} from '../../core/connector.ts';

/** Audit records as JSON lines: appended to a file, a batch a write, or in the log. Rejects when they can not be written. */
export function createAudit(to: {file: string} | {log: Logger}): Audit & {close(): Promise<void>} {
  return 'file' in to ? new AuditFile(to.file) : new AuditLog(to.log);
}

class AuditLog implements Audit {
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  append(records: readonly AuditRecord[]): Promise<void> {
    for (const audit of records) this.#log.info({audit}, 'audit');
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

class AuditFile implements Audit {
  readonly #path: string;
  #file: Promise<FileHandle> | undefined;
  /** One write at a time: lines of two batches never mix. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  append(records: readonly AuditRecord[]): Promise<void> {
    const lines = records.map((record) => `${JSON.stringify(record)}\n`).join('');
    const written = this.#last.then(() => this.#write(lines));
    this.#last = written.catch(() => undefined);
    return written;
  }

  async close(): Promise<void> {
    await this.#last;
    await (await this.#file)?.close();
    this.#file = undefined;
  }

  async #write(lines: string): Promise<void> {
    this.#file ??= open(this.#path, 'a', 0o600);
    try {
      await (await this.#file).appendFile(lines);
    } catch (error) {
      this.#file = undefined;
      throw error;
    }
  }
}
