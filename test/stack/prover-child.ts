/** The native prover's process, as a child of this one or of a function. */
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

/** Those of all functions that call the AWS at that endpoint. Others run on the machine, too. */
export async function proversOf(endpoint: string): Promise<number[]> {
  const { stdout } = await promisify(execFile)('pgrep', ['-f', 'nightshift-prover serve']).catch(() => ({
    stdout: '',
  }));
  const pids = stdout.trim().split('\n').filter(Boolean).map(Number);
  const environments = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')));
  return pids.filter((_, n) => environments[n]?.includes(`=${endpoint}\0`));
}
