import { spawnSync } from 'node:child_process';

/** Runs a command in sight. One that fails has said why. */
export function run(command: string, ...args: string[]): boolean {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (status === 0) return true;
  console.error(`✗ ${command} ${args[0]} did not finish${error ? ` (${error.message})` : ''}.`);
  return false;
}
