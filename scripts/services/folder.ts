import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {dropCharge, takeCharge} from './charges.ts';

/** Is handed each step that ends something that was started; they are to be run last first. */
export type Closing = (step: () => Promise<unknown>) => void;

/** A folder of its own, gone when it is closed or this process ends. */
export async function openFolder(prefix: string, closing: Closing): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  const charge = {kind: 'folder', path: folder} as const;
  takeCharge(charge);
  closing(async () => {
    await rm(folder, {recursive: true, force: true});
    dropCharge(charge);
  });
  return folder;
}
