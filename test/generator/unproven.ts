/** A transaction that waits for its one proof, and the request for that proof. */
import { CostModel, type UnprovenTransaction } from '@midnight-ntwrk/ledger-v8';
import type { ProofRequest } from './proof-request.ts';
import type { TestLedger } from './test-ledger.ts';

export interface Unproven {
  transaction: UnprovenTransaction;
  /** The ledger on which the transaction is valid once proven. */
  ledger: TestLedger;
}

/** What the ledger package asks a prover for. Only for circuits of the protocol: those of contracts are checked first. */
export function requestIn({ transaction }: Unproven): Promise<ProofRequest> {
  return new Promise((resolve, reject) => {
    const provider = {
      check: async () => Promise.reject(new Error('A circuit of the protocol has nothing to check.')),
      prove: async (preimage: Uint8Array, keyLocation: string, bindingInput?: bigint) => {
        resolve({ keyLocation, preimage, bindingInput });
        return Promise.reject(new Error('The request is known: no proof is made.'));
      },
    };
    transaction.prove(provider, CostModel.initialCostModel()).catch(reject);
  });
}
