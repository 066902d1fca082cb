/** What a client hands to a prover. */
export interface ProofRequest {
  /** Names the circuit: built in, or one whose keys the client has. */
  keyLocation: string;
  /** Tagged `midnight:proof-preimage:`. */
  preimage: Uint8Array;
  /** Replaces the binding input that the preimage holds. */
  bindingInput?: bigint | undefined;
}
