/** Circuits that tests prove, named by contract and circuit: Midnight's own come with the prover, others are in test/data. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jsonIrToBinary } from '@midnight-ntwrk/zkir-v2';
import { PROJECT } from '../../local/paths.ts';

const ASSETS = join(PROJECT, 'layers/prover/assets');
const CONTRACTS = join(PROJECT, 'test/data/circuits');

/** Midnight's own, which a prover has to know. */
export const isBuiltIn = (circuit: string): boolean => circuit.startsWith('midnight/');

/** The circuit's intermediate representation: JSON for contracts, tagged binary for Midnight's own. */
export const irFile = (circuit: string): string =>
  isBuiltIn(circuit) ? join(ASSETS, `${circuit}.bzkir`) : join(CONTRACTS, `${circuit}.zkir`);

/** The circuit's intermediate representation the way clients send it: tagged binary. */
export function binaryIr(circuit: string): Uint8Array {
  const content = readFileSync(irFile(circuit));
  return isBuiltIn(circuit) ? Uint8Array.from(content) : jsonIrToBinary(content.toString());
}

/** The verifier key of a circuit of Midnight's own. */
export const builtInVerifierFile = (circuit: string): string => join(ASSETS, `${circuit}.verifier`);
