/** This deployment's own keys of a circuit, if they may be used. */
import { expectAllowed } from '../contracts/development.ts';
import { NightshiftError } from '../errors.ts';
import type { ProofJob } from '../jobs/job.ts';
import { rebuildKeys } from './build.ts';
import { type Keys, type ReadyKeys, readKeys } from './keys.ts';
import { mismatchOf } from './mismatch.ts';

/** A circuit, and where its keys are. */
export type KeysOfCircuit = Pick<ProofJob, 'circuit' | 'keys'>;

/** @throws NightshiftError PARAMS_UNAVAILABLE if they were never asked for. */
export async function ownKeys({ circuit, keys }: KeysOfCircuit): Promise<Keys> {
  const found = keys && (await readKeys(keys.id));
  if (!found)
    throw new NightshiftError('PARAMS_UNAVAILABLE', `No keys for ${circuit} in the store of this deployment.`);
  return found;
}

/**
 * @returns undefined while they are being derived.
 * @throws NightshiftError KEY_MISMATCH if the verifier key that was given for the circuit is another; whatever deriving
 *   failed with; FORBIDDEN if they are on development parameters, switched off meanwhile; PARAMS_UNAVAILABLE if they were
 *   never asked for.
 */
export async function usableKeys(circuit: KeysOfCircuit): Promise<ReadyKeys | undefined> {
  const keys = await ownKeys(circuit);
  if (keys.state === 'failed') throw new NightshiftError(keys.error.code, keys.error.message);
  if (keys.state === 'building') return undefined;
  expectAllowed(keys.parameters);
  const mismatch = mismatchOf(keys, circuit.keys?.verifierSha256);
  if (mismatch) throw new NightshiftError(mismatch.code, mismatch.message);
  return keys;
}

/** Has keys derived anew whose stored objects are missing or damaged. @throws NightshiftError INTERNAL that says so. */
export async function replaceDamaged(keys: ReadyKeys): Promise<never> {
  await rebuildKeys(keys);
  throw new NightshiftError('INTERNAL', 'The stored keys of the circuit are damaged, and are being derived anew.');
}
