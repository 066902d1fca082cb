/** Real proof jobs in the scratch resources of a test: their keys come along, so that nothing has to be registered. */
import { readFile } from 'node:fs/promises';
import type { CircuitArtifacts } from '../../core/artifacts/artifact.ts';
import { storeInlined } from '../../core/circuits/inlined.ts';
import { admitJob, type NewProofJob } from '../../core/jobs/admit.ts';
import { type Job, LOCAL_TENANT } from '../../core/jobs/job.ts';
import { bringParams } from '../../functions/prefetch/bring-params.ts';
import { binaryIr } from '../generator/circuits.ts';
import { generateRequest } from '../generator/generate.ts';
import { keyFiles } from '../generator/keys.ts';

/** Circuits with the k of theirs: a proof of the one takes milliseconds, of the other seconds. */
const K = { 'fallible/count': 6, 'midnight/zswap/output': 14 } as const;
export type ProvableCircuit = keyof typeof K;

export const SMALL = 'fallible/count' satisfies ProvableCircuit;
export const LARGE = 'midnight/zswap/output' satisfies ProvableCircuit;

const stored = new Map<ProvableCircuit, Promise<CircuitArtifacts>>();

/** Where the circuit's keys lie, and its parameters. */
export function inlinedKeys(circuit: ProvableCircuit): Promise<CircuitArtifacts> {
  const known = stored.get(circuit) ?? store(circuit);
  stored.set(circuit, known);
  return known;
}

/** Admits a fresh request. */
export async function admitProof(circuit: ProvableCircuit, options: Partial<NewProofJob> = {}): Promise<Job> {
  const [inlined, { preimage: witness }] = await Promise.all([inlinedKeys(circuit), generateRequest(circuit)]);
  const proof = { tenant: LOCAL_TENANT, operation: 'prove', circuit, k: K[circuit], inlined, witness } as const;
  return admitJob({ ...proof, ...options });
}

async function store(circuit: ProvableCircuit): Promise<CircuitArtifacts> {
  await bringParams(K[circuit]);
  const files = await keyFiles(circuit);
  const [prover, verifier] = await Promise.all([readFile(files.prover), readFile(files.verifier)]);
  return {
    zkir: await storeInlined(binaryIr(circuit)),
    prover: await storeInlined(prover),
    verifier: await storeInlined(verifier),
  };
}
