/** The ledger package's view of a prover, made of jobs of this service. */
import { type ProvingProvider, parseCheckResult } from '@midnight-ntwrk/ledger';
import type { Parts } from './parts.ts';

/** Tagged `proof-versioned`: a proof of version 2 without content. */
const PLACEHOLDER = Buffer.from('midnight:proof-versioned:\x01\x00', 'latin1');

/** Waits for each part. */
export const provingProvider = (parts: Parts): ProvingProvider => ({
  check: async (preimage, keyLocation) => parseCheckResult(await parts.run('check', keyLocation, preimage)),
  prove: (preimage, keyLocation, bindingInput) => parts.run('prove', keyLocation, preimage, bindingInput),
});

/** Starts the proofs and waits for none. What is proven with it is no transaction; its parts are the ones to come. */
export const startingProvider = (parts: Parts): ProvingProvider => ({
  ...provingProvider(parts),
  prove: async (preimage, keyLocation, bindingInput) => {
    await parts.begin('prove', keyLocation, preimage, bindingInput);
    return PLACEHOLDER;
  },
});
