/** What this is, and which wire it speaks. */
import packageJson from '../package.json' with { type: 'json' };

/** Nightshift's own version. */
export const VERSION: string = packageJson.version;

/** The version of midnight-proof-server whose wire this is. */
export const WIRE_VERSION = '8.1.0';

/** Versions of proofs and of ZKIR that are served, as the reference and the prover name them. */
export const PROOF_VERSIONS = ['V2'];
export const ZKIR_VERSIONS = ['v2'];
