import {open as openFile, stat, type FileHandle} from 'node:fs/promises';
import {dirname} from 'node:path';
import type {Sink} from './sink.ts';

/** One write of the system: what another process appends never stands within one of ours. */
const maxBytes = 256 * 1024;
/** How often it is looked whether the file was moved away. */
const lookEveryMs = 1000;

/**
 * Audit records as JSON lines in a file, which is made when it is not there. A write that failed may have left half a line:
 * the next one begins on its own. When the file was moved away (rotated), the next batch begins a new one. What is written is on the
 * disk before it is said to be: a power cut takes nothing that state has followed from.
 */
export function createFileSink(file: string, open: typeof openFile = openFile): Sink {
  let handle: FileHandle | undefined;
  let isTorn = false;
  let lookedAt = 0;

  async function opened(): Promise<FileHandle> {
    const now = Date.now();
    if (handle !== undefined && now - lookedAt >= lookEveryMs) {
      if (!(await isSame(handle, file))) await close();
      lookedAt = now;
    }
    if (handle !== undefined) return handle;
    handle = await open(file, 'a+', 0o640);
    isTorn = await endsWithinLine(handle);
    if ((await handle.stat()).size === 0) await keepName();
    return handle;
  }
  /** That a file is there is written in its folder. */
  async function keepName(): Promise<void> {
    const folder = await open(dirname(file), 'r');
    await folder.sync().finally(() => folder.close());
  }
  async function close(): Promise<void> {
    const closing = handle;
    handle = undefined;
    await closing?.close();
  }
  return {
    async write(records) {
      const to = await opened();
      for (const chunk of chunksOf(records.map(({line}) => line))) {
        const bytes = Buffer.from((isTorn ? '\n' : '') + chunk);
        isTorn = true;
        const {bytesWritten} = await to.write(bytes);
        if (bytesWritten < bytes.length) throw new Error(`${file}: not all of it could be written`);
        isTorn = false;
      }
      await to.datasync();
    },
    close,
  };
}

/** Lengths are counted line by line: a text that grows would be copied with each look at it. */
function chunksOf(lines: readonly string[]): string[] {
  const chunks: string[][] = [[]];
  let bytes = 0;
  for (const line of lines) {
    const more = Buffer.byteLength(line) + 1;
    if (bytes > 0 && bytes + more > maxBytes) {
      chunks.push([]);
      bytes = 0;
    }
    chunks.at(-1)?.push(line, '\n');
    bytes += more;
  }
  return chunks.map((chunk) => chunk.join(''));
}

/** Whether the path still leads to what is open. */
async function isSame(handle: FileHandle, file: string): Promise<boolean> {
  const [own, named] = await Promise.all([handle.stat(), stat(file).catch(() => undefined)]);
  return own.ino === named?.ino && own.dev === named.dev;
}

async function endsWithinLine(handle: FileHandle): Promise<boolean> {
  const {size} = await handle.stat();
  if (size === 0) return false;
  const {buffer} = await handle.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] !== 0x0a;
}
