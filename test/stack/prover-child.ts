/** The native prover's process, as a child of this one. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** @throws if there is none. */
export const proverPid = async (): Promise<number> =>
  Number((await promisify(execFile)('pgrep', ['-P', `${process.pid}`, 'nightshift'])).stdout);

/** How much memory it has, in MB. */
export async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(status.match(/^VmRSS:\s+(\d+) kB$/m)?.[1]) / 1024;
}
