import { spawnSync } from 'node:child_process';

/** Runs a command in sight. One that fails has said why. */
export function run(command: string, ...args: string[]): boolean {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' });
  if (error) console.error(`✗ ${command} ${args[0]} could not be started: ${error.message}`);
  return status === 0;
}
