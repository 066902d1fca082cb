import { type ProvingProvider, parseCheckResult } from '@midnight-ntwrk/ledger';
import type { Parts } from './parts.ts';

/** The ledger package's view of a prover, made of jobs of this service. */
export const provingProvider = (parts: Parts): ProvingProvider => ({
  check: async (preimage, keyLocation) => parseCheckResult(await parts.run('check', keyLocation, preimage)),
  prove: (preimage, keyLocation, bindingInput) => parts.run('prove', keyLocation, preimage, bindingInput),
});
