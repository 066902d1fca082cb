/** Keys in the scratch resources of a test, stored as those that come with a request. */
import { readFile } from 'node:fs/promises';
import type { CircuitArtifacts } from '../../core/artifacts/artifact.ts';
import { storeInlined } from '../../core/circuits/inlined.ts';
import { binaryIr } from '../generator/circuits.ts';
import { keyFiles } from '../generator/keys.ts';

export async function storeKeysOf(circuit: string): Promise<CircuitArtifacts> {
  const files = await keyFiles(circuit);
  const [prover, verifier] = await Promise.all([readFile(files.prover), readFile(files.verifier)]);
  return {
    zkir: await storeInlined(binaryIr(circuit)),
    prover: await storeInlined(prover),
    verifier: await storeInlined(verifier),
  };
}
