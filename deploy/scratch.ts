import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Does a command's work with a folder that goes when it is done, and sets the exit code.
 *
 * @param work says on stderr why it did not get through, or throws.
 */
export async function withScratch(work: (directory: string) => boolean | Promise<boolean>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'nightshift-deploy-'));
  try {
    process.exitCode = (await work(directory)) ? 0 : 1;
  } catch (error) {
    console.error(`✗ ${(error as Error).message}`);
    process.exitCode = 1;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
