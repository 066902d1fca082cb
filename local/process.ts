/** Child processes that never outlive the start: each leads a process group, and groups are ended whole. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { LocalError, type LocalErrorCode } from './error.ts';
import type { Report } from './progress.ts';

export interface RunOptions {
  cwd: string;
  env?: NodeJS.ProcessEnv;
  /** Code of the error if the command fails; its message ends with the last lines of the output. */
  failure: LocalErrorCode;
  report: Report;
  /** Ends the command, with everything that it started. */
  signal: AbortSignal;
}

const TAIL_LINES = 20;

/** Runs a command to its end. */
export async function run(command: string, args: string[], options: RunOptions): Promise<void> {
  const { cwd, env, failure, report, signal } = options;
  signal.throwIfAborted();
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const endGroup = () => child.pid && signalGroup(child.pid, 'SIGTERM');
  signal.addEventListener('abort', endGroup);
  const lines: string[] = [];
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => {
      lines.push(line);
      if (line.trim()) report(line);
    });
  }
  const [code] = await once(child, 'close');
  signal.removeEventListener('abort', endGroup);
  signal.throwIfAborted();
  if (code === 0) return;
  const tail = lines.slice(-TAIL_LINES).join('\n');
  throw new LocalError(failure, `${[command, ...args].join(' ')} ended with ${code}:\n${tail}`);
}

/** Signals a process group, if it still is there. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // Nobody left.
  }
}

/** The command lines of the live processes in a group; none where `ps` is missing. */
export async function commandsInGroup(group: number): Promise<string[]> {
  const columns = ['-A', '-o', 'pgid=,stat=,command='];
  const { stdout } = await promisify(execFile)('ps', columns).catch(() => ({ stdout: '' }));
  return stdout.split('\n').flatMap((line) => {
    const [, pgid, state, command = ''] = line.match(/^\s*(\d+)\s+(\S+)\s+(.*)$/) ?? [];
    return Number(pgid) === group && !state?.startsWith('Z') ? [command] : [];
  });
}
