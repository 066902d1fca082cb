/** The native prover with a gate before it: proofs wait until it is open, everything else passes. So tests can hold proofs still. */
import { rm, writeFile } from 'node:fs/promises';
import { askedFile, untilThere } from './gate.ts';
import { wrapProver } from './wrapped-prover.ts';

export interface GatedProver {
  /** Takes the place of the prover. */
  executable: string;
  open(): Promise<void>;
  close(): Promise<void>;
  /** Resolves once a proof has come to the closed gate, since it was closed. */
  untilAsked(): Promise<void>;
}

/** @param folder is made anew, and holds the executable and its gate, which is closed at first. */
export async function gatedProver(folder: string): Promise<GatedProver> {
  const { executable, switchFile } = await wrapProver(folder, 'gated-prover-process.ts');
  const asked = askedFile(switchFile);
  return {
    executable,
    open: () => writeFile(switchFile, ''),
    async close() {
      await Promise.all([asked, switchFile].map((file) => rm(file, { force: true })));
    },
    untilAsked: () => untilThere(asked),
  };
}
