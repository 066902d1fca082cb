/** The native prover with a process before it that a test can switch. */
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROVER_EXECUTABLE } from '../../infra/prover-executable.ts';

export interface WrappedProver {
  /** Takes the place of the prover. */
  executable: string;
  /** Is there while the switch is on; it is off at first. */
  switchFile: string;
}

/**
 * @param folder is made anew, and holds the executable and its switch.
 * @param wrapper a module beside this one, which is run with `switch-file prover arguments…`
 */
export async function wrapProver(folder: string, wrapper: string): Promise<WrappedProver> {
  const executable = join(folder, 'prover');
  const switchFile = join(folder, 'switch');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const command = [process.execPath, join(import.meta.dirname, wrapper), switchFile, PROVER_EXECUTABLE];
  await writeFile(executable, `#!/bin/sh\nexec ${command.map((part) => `'${part}'`).join(' ')} "$@"\n`);
  await chmod(executable, 0o755);
  return { executable, switchFile };
}
