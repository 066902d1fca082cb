import { readFile } from 'node:fs/promises';
import type { CircuitArtifacts } from '../core/artifacts/artifact.ts';
import { storeInlined } from '../core/circuits/inlined.ts';
import { paramsFor } from '../core/circuits/params.ts';
import { bringParams } from '../functions/prefetch/bring-params.ts';
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

/** Puts what proving the workload takes into the bucket that the environment names. */
export async function storeArtifacts({ k, keys }: Workload) {
  await bringParams(k);
  const [zkir, prover, verifier] = await Promise.all([
    storeInlined(keys.zkir),
    storeInlined(keys.prover),
    storeInlined(keys.verifier),
  ]);
  return { inlined: { zkir, prover, verifier }, params: paramsFor(k) };
}

/** A preimage of the circuit and all its keys. */
export async function workloadOf(circuit: Circuit, k: number): Promise<Workload> {
  const { preimage, keyLocation } = await generateRequest(circuit);
  const files = await keyFiles(circuit);
  const [prover, verifier] = await Promise.all([readFile(files.prover), readFile(files.verifier)]);
  const keys = { zkir: binaryIr(circuit), prover, verifier };
  return { circuit, k, preimage, keyLocation, keys, builtIn: isBuiltIn(circuit) };
}
