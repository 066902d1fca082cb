/** The keys that a job is to use: those that came with its request, or this deployment's own. */
import type { Artifact, CircuitArtifacts } from '../artifacts/artifact.ts';
import type { ParameterSet } from '../circuits/parameter-set.ts';
import { NightshiftError } from '../errors.ts';
import type { ProofJob } from '../jobs/job.ts';
import { storedKeysOf, zkirOf } from './keys.ts';
import { ownKeys, replaceDamaged, usableKeys } from './usable.ts';

export interface KeysForProof {
  k: number;
  parameters: ParameterSet;
  artifacts: CircuitArtifacts;
  /** Called when what S3 holds of them is missing or damaged. @throws NightshiftError INTERNAL if they are derived anew. */
  damaged(): Promise<void>;
}

/** @throws what `usableKeys` throws; NightshiftError INTERNAL while they are being derived anew. */
export async function keysFor(job: ProofJob): Promise<KeysForProof> {
  if (job.inlined) {
    const { zkir, prover, verifier } = job.inlined;
    if (!zkir || !prover || !verifier) throw new Error('keys that came with a request are not whole');
    return { k: job.k, parameters: 'midnight', artifacts: { zkir, prover, verifier }, damaged: async () => undefined };
  }
  const keys = await usableKeys(job);
  if (!keys) throw new NightshiftError('INTERNAL', 'The keys of the circuit are being derived.');
  return {
    k: keys.k,
    parameters: keys.parameters,
    artifacts: { zkir: zkirOf(keys), ...storedKeysOf(keys) },
    damaged: () => replaceDamaged(keys),
  };
}

/** The program alone, which is there before the keys are. @throws NightshiftError PARAMS_UNAVAILABLE */
export async function zkirFor(job: ProofJob): Promise<Artifact> {
  return job.inlined?.zkir ?? zkirOf(await ownKeys(job));
}
