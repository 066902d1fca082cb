/** The virtual environment that the emulated AWS runs in. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT, STATE_ROOT } from './paths.ts';
import { run } from './process.ts';
import type { Report } from './progress.ts';

export const PYTHON = process.env.PYTHON ?? 'python3';

const VENV = join(STATE_ROOT, 'venv');
const STAMP = join(VENV, 'requirements.sha256');
const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');

/** Installs requirements.txt once, and again when it changes. Returns the environment's Python. */
export async function installEmulator(report: Report, signal: AbortSignal): Promise<string> {
  const python = join(VENV, 'bin', 'python');
  const wanted = createHash('sha256')
    .update(await readFile(REQUIREMENTS))
    .digest('hex');
  if ((await readFile(STAMP, 'utf8').catch(() => '')) === wanted) return python;
  const options = { cwd: PROJECT, failure: 'EMULATOR_FAILED', report, signal } as const;
  await run(PYTHON, ['-m', 'venv', '--clear', VENV], options);
  const flags = ['--require-hashes', '--disable-pip-version-check', '--progress-bar', 'off'];
  await run(python, ['-m', 'pip', 'install', ...flags, '-r', REQUIREMENTS], options);
  await writeFile(STAMP, wanted);
  return python;
}
