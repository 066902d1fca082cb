/** The native prover's command line, for what tests compute on their own. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PROVER } from '../../local/prover.ts';

export const native = (...args: string[]) => promisify(execFile)(PROVER, args);

/** Whether a tagged proof verifies against the verifier key (a file) and the statement. */
export async function verifyProof(proof: Uint8Array, verifierKey: string, statement: string[]): Promise<boolean> {
  const directory = await mkdtemp(join(tmpdir(), 'nightshift-verify-'));
  try {
    const file = join(directory, 'proof');
    await writeFile(file, proof);
    await native('verify', '--proof', file, '--verifier', verifierKey, '--statement', statement.join(','));
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === 1) return false;
    throw error;
  } finally {
    await rm(directory, { recursive: true });
  }
}
