/** The native prover with a gate before it: proofs wait until it is open, everything else passes. So tests can hold proofs still. */
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROVER_EXECUTABLE } from '../../infra/prover-executable.ts';

export interface GatedProver {
  /** Takes the place of the prover. */
  executable: string;
  open(): Promise<void>;
  close(): Promise<void>;
}

/** @param folder is made anew, and holds the executable and its gate, which is closed at first. */
export async function gatedProver(folder: string): Promise<GatedProver> {
  const executable = join(folder, 'prover');
  const gate = join(folder, 'gate');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const command = [process.execPath, join(import.meta.dirname, 'gated-prover-process.ts'), gate, PROVER_EXECUTABLE];
  await writeFile(executable, `#!/bin/sh\nexec ${command.map((part) => `'${part}'`).join(' ')} "$@"\n`);
  await chmod(executable, 0o755);
  return { executable, open: () => writeFile(gate, ''), close: () => rm(gate, { force: true }) };
}
