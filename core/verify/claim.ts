/** Claims: that a proof holds for a statement. */
import type { z } from 'zod';
import type { claim } from '../api/circuits.ts';
import { type KnownCircuit, knownCircuit } from '../contracts/known-circuit.ts';
import { NightshiftError } from '../errors.ts';
import type { ReadyKeys } from '../keys/keys.ts';
import { usableKeys } from '../keys/usable.ts';
import { RETRY_AFTER_SECONDS } from '../limits.ts';

/** A claim as it was made, and the keys of the circuit that it is about. */
export interface Claim {
  keys: ReadyKeys;
  /** Tagged, versioned. */
  proof: Uint8Array;
  /** Decimals. */
  statement: string[];
}

type Reference = Pick<z.infer<typeof claim>, 'circuit' | 'contract'>;

/**
 * The keys of the circuit, its derived verifier key among them: what a registration gives for its circuit proves nothing until it is known to be
 * the same.
 *
 * @throws NightshiftError CIRCUIT_NOT_FOUND, CONTRACT_NOT_FOUND; PARAMS_UNAVAILABLE while the keys are being derived; what
 *   `usableKeys` throws.
 */
export async function keysForClaim({ circuit, contract }: Reference): Promise<ReadyKeys> {
  const known = await knownCircuit(circuit, contract);
  const keys = await usableKeys(known);
  if (!keys) throw notDerivedYet(known);
  return keys;
}

const notDerivedYet = ({ circuit, contract }: KnownCircuit) =>
  new NightshiftError(
    'PARAMS_UNAVAILABLE',
    `The keys of ${circuit} are still being derived. Ask again once they are ready${contract ? `: GET /v1/contracts/${contract}` : ''}.`,
    { retryAfterSeconds: RETRY_AFTER_SECONDS },
  );
