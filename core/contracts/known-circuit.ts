/** Names in requests, in terms of circuits that there are. */
import { builtInCircuit } from '../circuits/builtin.ts';
import { NightshiftError } from '../errors.ts';
import type { ProofJob } from '../jobs/job.ts';
import { parametersOf } from '../keys/namespace.ts';
import { readCircuit } from './contract.ts';
import { expectAllowed } from './development.ts';

/** A circuit as a job refers to it. */
export type KnownCircuit = Pick<ProofJob, 'circuit' | 'contract' | 'k' | 'provingBytes' | 'keys'>;

/**
 * The circuit of that name, which a request relies on. Built-in ones are known everywhere: their names have slashes, and
 * a contract's have none.
 *
 * @throws NightshiftError CIRCUIT_NOT_FOUND, CONTRACT_NOT_FOUND; FORBIDDEN if the contract is built on development
 *   parameters and the deployment has not switched them on.
 */
export async function knownCircuit(circuit: string, contract?: string): Promise<KnownCircuit> {
  const builtIn = builtInCircuit(circuit);
  if (builtIn) {
    const { k, provingBytes, keysId } = builtIn;
    return { circuit, k, provingBytes, keys: { id: keysId } };
  }
  if (!contract) {
    throw new NightshiftError(
      'CIRCUIT_NOT_FOUND',
      `No circuit ${circuit} here, and the request brings no keys for it. Register its contract, and name that.`,
    );
  }
  expectAllowed(parametersOf(contract));
  const { k, provingBytes, keysId, verifier } = await readCircuit(contract, circuit);
  return { circuit, contract, k, provingBytes, keys: { id: keysId, verifierSha256: verifier?.sha256 } };
}
