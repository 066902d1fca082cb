/** The circuits every Midnight wallet expects a prover to know. */
import type { CircuitArtifacts } from '../artifacts/artifact.ts';
import { NightshiftError } from '../errors.ts';
import { objectOf } from '../store/objects.ts';
import { pinnedKey } from './pins.ts';

export interface BuiltInCircuit {
  /** Key location in the preimage. */
  readonly name: string;
  readonly k: number;
  readonly artifacts: CircuitArtifacts;
}

const K_OF_CIRCUIT = { 'zswap/output': 14, 'zswap/spend': 15, 'zswap/sign': 13, 'dust/spend': 13 } as const;

/** The contract that holds them, and the prefix of their key locations. */
const BUILT_IN_CONTRACT = 'midnight';

export const BUILT_IN_CIRCUITS: readonly BuiltInCircuit[] = Object.entries(K_OF_CIRCUIT).map(([path, k]) => ({
  name: `${BUILT_IN_CONTRACT}/${path}`,
  k,
  artifacts: artifactsOf(path),
}));

export const builtInCircuit = (name: string): BuiltInCircuit | undefined =>
  BUILT_IN_CIRCUITS.find((circuit) => circuit.name === name);

/**
 * The circuit of that name, which a request relies on.
 *
 * @throws NightshiftError CIRCUIT_NOT_FOUND
 */
export function knownCircuit(circuit: string): { circuit: string; k: number } {
  const builtIn = builtInCircuit(circuit);
  if (!builtIn) {
    throw new NightshiftError(
      'CIRCUIT_NOT_FOUND',
      `No circuit ${circuit} here, and the request brings no keys for it.`,
    );
  }
  return { circuit, k: builtIn.k };
}

function artifactsOf(path: string): CircuitArtifacts {
  const zkirSha256 = pinnedKey(`${path}.bzkir`);
  return {
    zkir: { sha256: zkirSha256, object: objectOf.key(zkirSha256, 'zkir') },
    prover: { sha256: pinnedKey(`${path}.prover`), object: objectOf.key(zkirSha256, 'prover') },
    verifier: { sha256: pinnedKey(`${path}.verifier`), object: objectOf.key(zkirSha256, 'verifier') },
  };
}
