/** Listens in on a client, to verify each of its proofs on its own. */
import type { ProvingProvider } from '@midnight-ntwrk/ledger-v8';
import type { ProofRequest } from '../generator/proof-request.ts';

export interface Proven {
  request: ProofRequest;
  proof: Uint8Array;
}

/** The same provider, and the proofs that it gave so far. */
export function recording(provider: ProvingProvider): { provider: ProvingProvider; proofs: Proven[] } {
  const proofs: Proven[] = [];
  const prove: ProvingProvider['prove'] = async (preimage, keyLocation, bindingInput) => {
    const proof = await provider.prove(preimage, keyLocation, bindingInput);
    proofs.push({ request: { keyLocation, preimage, bindingInput }, proof });
    return proof;
  };
  return { provider: { check: provider.check, prove }, proofs };
}
