/** The native prover with a gate before it: proofs wait until it is open, everything else passes. So tests can hold proofs still. */
import { rm, writeFile } from 'node:fs/promises';
import { wrapProver } from './wrapped-prover.ts';

export interface GatedProver {
  /** Takes the place of the prover. */
  executable: string;
  open(): Promise<void>;
  close(): Promise<void>;
}

/** @param folder is made anew, and holds the executable and its gate, which is closed at first. */
export async function gatedProver(folder: string): Promise<GatedProver> {
  const { executable, switchFile } = await wrapProver(folder, 'gated-prover-process.ts');
  return { executable, open: () => writeFile(switchFile, ''), close: () => rm(switchFile, { force: true }) };
}
