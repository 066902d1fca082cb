/** What these tests make once and keep: it goes by what it was made from. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { STATE_ROOT } from '../../local/paths.ts';

export const PACKAGING_STATE = join(STATE_ROOT, 'packaging');

/** Of the folder's files, as a name. */
export async function digestOf(folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const name of (await readdir(folder)).sort()) hash.update(name).update(await readFile(join(folder, name)));
  return hash.digest('hex').slice(0, 16);
}
