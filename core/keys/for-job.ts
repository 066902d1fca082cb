/** The keys that a job is to use: those that came with its request, or this deployment's own. */
import type { Artifact, CircuitArtifacts } from '../artifacts/artifact.ts';
import type { ParameterSet } from '../circuits/parameter-set.ts';
import { expectAllowed } from '../contracts/development.ts';
import { NightshiftError } from '../errors.ts';
import type { ProofJob } from '../jobs/job.ts';
import { rebuildKeys } from './build.ts';
import { type Keys, readKeys, storedKeysOf, zkirOf } from './keys.ts';
import { mismatchOf } from './mismatch.ts';

export interface KeysForProof {
  k: number;
  parameters: ParameterSet;
  artifacts: CircuitArtifacts;
  /** Called when what S3 holds of them is missing or damaged. @throws NightshiftError INTERNAL if they are derived anew. */
  damaged(): Promise<void>;
}

/**
 * @throws NightshiftError KEY_MISMATCH if the verifier key that was given for the circuit is another; whatever deriving
 *   failed with; FORBIDDEN if they are on development parameters, switched off meanwhile; PARAMS_UNAVAILABLE if the keys
 *   were never asked for; INTERNAL while they are being derived anew.
 */
export async function keysFor(job: ProofJob): Promise<KeysForProof> {
  if (job.inlined) {
    const { zkir, prover, verifier } = job.inlined;
    if (!zkir || !prover || !verifier) throw new Error('keys that came with a request are not whole');
    return { k: job.k, parameters: 'midnight', artifacts: { zkir, prover, verifier }, damaged: async () => undefined };
  }
  const keys = await ownKeys(job);
  if (keys.state === 'failed') throw new NightshiftError(keys.error.code, keys.error.message);
  if (keys.state === 'building') throw new NightshiftError('INTERNAL', 'The keys of the circuit are being derived.');
  expectAllowed(keys.parameters);
  const mismatch = mismatchOf(keys, job.keys?.verifierSha256);
  if (mismatch) throw new NightshiftError(mismatch.code, mismatch.message);
  return {
    k: keys.k,
    parameters: keys.parameters,
    artifacts: { zkir: zkirOf(keys), ...storedKeysOf(keys) },
    async damaged() {
      await rebuildKeys(keys);
      throw new NightshiftError('INTERNAL', 'The stored keys of the circuit are damaged, and are being derived anew.');
    },
  };
}

/** The program alone, which is there before the keys are. @throws NightshiftError PARAMS_UNAVAILABLE */
export async function zkirFor(job: ProofJob): Promise<Artifact> {
  return job.inlined?.zkir ?? zkirOf(await ownKeys(job));
}

async function ownKeys({ circuit, keys }: ProofJob): Promise<Keys> {
  const found = keys && (await readKeys(keys.id));
  if (!found)
    throw new NightshiftError('PARAMS_UNAVAILABLE', `No keys for ${circuit} in the store of this deployment.`);
  return found;
}
