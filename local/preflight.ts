/** What this machine must have before anything long is started. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { PROVER_EXECUTABLE } from '../infra/prover-executable.ts';
import { LOOPBACK } from './address.ts';
import { LocalError } from './error.ts';
import { STATE_ROOT } from './paths.ts';
import { PYTHON } from './python.ts';

const FIRST_START_GB = 3;
const LATER_START_GB = 0.3;
const PYTHON_CHECK = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))';

export interface Needs {
  /** 0: any free one. */
  port: number;
  /** The address that it is to be had at. */
  host?: string;
  /** Whether the emulator is to be started here, which is a Python program. */
  emulator: boolean;
}

/** Checks everything; returns what is missing, all at once. */
export async function preflight({ port, host = LOOPBACK, emulator }: Needs): Promise<LocalError[]> {
  const checks = [
    unlessRuns('cargo', ['--version'], () => {
      return new LocalError('CARGO_MISSING', 'The prover is built with cargo. Install Rust from https://rustup.rs.');
    }),
    unlessRuns('cc', ['--version'], () => {
      const how = 'apt install build-essential, or xcode-select --install';
      return new LocalError('C_COMPILER_MISSING', `The prover is built with a C compiler (cc). Install one: ${how}.`);
    }),
    unlessDiskHasRoom(),
    unlessFree(port, host),
  ];
  const python = unlessRuns(PYTHON, ['-c', PYTHON_CHECK], () => {
    const what = `The emulated AWS needs Python 3.10 or later with venv; ${PYTHON} is not that`;
    const how = 'Install it (apt install python3-venv) or name another one in the environment variable PYTHON';
    return new LocalError('PYTHON_MISSING', `${what}. ${how}.`);
  });
  const problems = await Promise.all(emulator ? [...checks, python] : checks);
  return problems.filter((problem) => problem !== undefined);
}

async function unlessRuns(command: string, args: string[], problem: () => LocalError): Promise<LocalError | undefined> {
  return promisify(execFile)(command, args).then(() => undefined, problem);
}

async function unlessDiskHasRoom(): Promise<LocalError | undefined> {
  await mkdir(STATE_ROOT, { recursive: true });
  const { bavail, bsize } = await statfs(STATE_ROOT);
  const free = (bavail * bsize) / 1e9;
  const needed = existsSync(PROVER_EXECUTABLE) ? LATER_START_GB : FIRST_START_GB;
  if (free >= needed) return;
  return new LocalError('DISK_FULL', `${needed} GB are needed where the checkout is, ${free.toFixed(1)} GB are free.`);
}

async function unlessFree(port: number, host: string): Promise<LocalError | undefined> {
  try {
    const probe = createServer().listen(port, host);
    await once(probe, 'listening');
    probe.close();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const how = 'Stop what uses it, or choose others: npm start -- --port 6301 --host 127.0.0.1';
    return new LocalError('PORT_TAKEN', `Port ${port} of ${host} can't be listened on (${code}). ${how}.`);
  }
}
