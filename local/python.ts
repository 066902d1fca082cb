/** Python programs that are used here, each in a virtual environment of its own with exactly what its requirements lock. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT, STATE_ROOT } from './paths.ts';
import { run } from './process.ts';
import type { Report } from './progress.ts';

export const PYTHON = process.env.PYTHON ?? 'python3';

/**
 * Installs the requirements once, and again when they change. Two at once for the same name would get in each other's way.
 *
 * @param name of the environment.
 * @param requirements a file that pip takes, with a hash for each package.
 * @returns the folder of the environment's executables.
 * @throws LocalError PYTHON_PACKAGES_FAILED
 */
export async function installPython(
  name: string,
  requirements: string,
  report: Report,
  signal: AbortSignal,
): Promise<string> {
  const environment = join(STATE_ROOT, 'python', name);
  const executables = join(environment, 'bin');
  const stamp = join(environment, 'requirements.sha256');
  const wanted = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex');
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return executables;
  const options = { cwd: PROJECT, failure: 'PYTHON_PACKAGES_FAILED', report, signal } as const;
  await run(PYTHON, ['-m', 'venv', '--clear', environment], options);
  const flags = ['--require-hashes', '--disable-pip-version-check', '--progress-bar', 'off'];
  await run(join(executables, 'python'), ['-m', 'pip', 'install', ...flags, '-r', requirements], options);
  await writeFile(stamp, wanted);
  return executables;
}
