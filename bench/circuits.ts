import { readFile } from 'node:fs/promises';
import type { CircuitArtifacts } from '../core/artifacts/artifact.ts';
import { binaryIr, isBuiltIn } from '../test/generator/circuits.ts';
import { type Circuit, generateRequest } from '../test/generator/generate.ts';
import { keyFiles } from '../test/generator/keys.ts';

/** One circuit of each size, k = 6, 9, 13, 14. */
export const MEASURED: { circuit: Circuit; k: number; rounds: number }[] = [
  { circuit: 'fallible/count', k: 6, rounds: 30 },
  { circuit: 'token-vault/depositUnshielded', k: 9, rounds: 20 },
  { circuit: 'simple-merkle-tree/store', k: 13, rounds: 8 },
  { circuit: 'midnight/zswap/output', k: 14, rounds: 6 },
];

export interface Workload {
  circuit: Circuit;
  k: number;
  preimage: Uint8Array;
  keyLocation: string;
  keys: Record<keyof CircuitArtifacts, Uint8Array>;
  builtIn: boolean;
}

/** A preimage of the circuit and all its keys. */
export async function workloadOf(circuit: Circuit, k: number): Promise<Workload> {
  const { preimage, keyLocation } = await generateRequest(circuit);
  const files = await keyFiles(circuit);
  const [prover, verifier] = await Promise.all([readFile(files.prover), readFile(files.verifier)]);
  const keys = { zkir: binaryIr(circuit), prover, verifier };
  return { circuit, k, preimage, keyLocation, keys, builtIn: isBuiltIn(circuit) };
}
