/** Folders as the Compact compiler leaves them. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/**
 * A folder that ends with the test.
 *
 * @param files contents by path
 */
export async function folderOf(files: Record<string, string | Uint8Array>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'nightshift-compiled-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

/** `compiler/contract-info.json`, as compilers from 0.29 on write it, in extracts. */
export const contractInfo = (circuits: { name: string; pure: boolean; proof?: boolean }[]): string =>
  JSON.stringify({
    'compiler-version': '0.31.1',
    'language-version': '0.23.0',
    'runtime-version': '0.16.0',
    circuits: circuits.map((circuit) => ({
      ...circuit,
      arguments: [],
      'result-type': { 'type-name': 'Tuple', types: [] },
    })),
    witnesses: [],
    contracts: [],
    ledger: [{ name: 'round', index: 0, exported: true, storage: 'Counter' }],
  });
