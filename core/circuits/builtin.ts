/** The circuits every Midnight wallet expects a prover to know. */
import { BUILT_IN_CONTRACT } from '../contracts/names.ts';
import { pinnedKey } from './pins.ts';

export interface BuiltInCircuit {
  /** Key location in the preimage. */
  readonly name: string;
  readonly k: number;
  /** Peak memory of the prover, as it estimates it. */
  readonly provingBytes: number;
  /** The hash of its ZKIR. */
  readonly keysId: string;
  /** Hashes of its keys as Midnight writes them. */
  readonly pinned: { prover: string; verifier: string };
}

const SIZES = {
  'zswap/output': { k: 14, provingBytes: 338_060_902 },
  'zswap/spend': { k: 15, provingBytes: 592_235_724 },
  'zswap/sign': { k: 13, provingBytes: 195_873_996 },
  'dust/spend': { k: 13, provingBytes: 160_641_843 },
} as const;

export const BUILT_IN_CIRCUITS: readonly BuiltInCircuit[] = Object.entries(SIZES).map(([path, size]) => ({
  name: `${BUILT_IN_CONTRACT}/${path}`,
  ...size,
  keysId: pinnedKey(`${path}.bzkir`),
  pinned: { prover: pinnedKey(`${path}.prover`), verifier: pinnedKey(`${path}.verifier`) },
}));

export const builtInCircuit = (name: string): BuiltInCircuit | undefined =>
  BUILT_IN_CIRCUITS.find((circuit) => circuit.name === name);
