/** The circuits every Midnight wallet expects a prover to know. */
import { pinnedKey } from './pins.ts';

export interface BuiltInCircuit {
  /** Key location in the preimage. */
  readonly name: string;
  readonly k: number;
  /** The hash of its ZKIR. */
  readonly keysId: string;
  /** Hashes of its keys as Midnight writes them. */
  readonly pinned: { prover: string; verifier: string };
}

const K_OF_CIRCUIT = { 'zswap/output': 14, 'zswap/spend': 15, 'zswap/sign': 13, 'dust/spend': 13 } as const;

/** The contract that holds them, and the prefix of their key locations. */
const BUILT_IN_CONTRACT = 'midnight';

export const BUILT_IN_CIRCUITS: readonly BuiltInCircuit[] = Object.entries(K_OF_CIRCUIT).map(([path, k]) => ({
  name: `${BUILT_IN_CONTRACT}/${path}`,
  k,
  keysId: pinnedKey(`${path}.bzkir`),
  pinned: { prover: pinnedKey(`${path}.prover`), verifier: pinnedKey(`${path}.verifier`) },
}));

export const builtInCircuit = (name: string): BuiltInCircuit | undefined =>
  BUILT_IN_CIRCUITS.find((circuit) => circuit.name === name);
