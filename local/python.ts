/** Virtual environments for what comes from PyPI. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalErrorCode } from './error.ts';
import { PROJECT, STATE_ROOT } from './paths.ts';
import { run } from './process.ts';
import type { Report } from './progress.ts';

export const PYTHON = process.env.PYTHON ?? 'python3';

export interface Packages {
  /** The environment's folder, in the state folder. */
  folder: string;
  /** A file of versions with hashes. */
  requirements: string;
  /** Code of the error if they can't be installed. */
  failure: LocalErrorCode;
}

/** Installs the packages once, and again when their file changes. Returns the folder of the environment's executables. */
export async function installPackages(
  { folder, requirements, failure }: Packages,
  report: Report,
  signal: AbortSignal,
): Promise<string> {
  const venv = join(STATE_ROOT, folder);
  const stamp = join(venv, 'requirements.sha256');
  const bin = join(venv, 'bin');
  const wanted = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex');
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return bin;
  const options = { cwd: PROJECT, failure, report, signal } as const;
  await run(PYTHON, ['-m', 'venv', '--clear', venv], options);
  const flags = ['--require-hashes', '--disable-pip-version-check', '--progress-bar', 'off'];
  await run(join(bin, 'python'), ['-m', 'pip', 'install', ...flags, '-r', requirements], options);
  await writeFile(stamp, wanted);
  return bin;
}
