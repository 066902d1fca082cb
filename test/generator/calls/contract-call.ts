/** A contract call: what a circuit is given and what it does to the ledger, and the request to prove it. */
import { maxField, proofDataIntoSerializedPreimage } from '@midnight-ntwrk/compact-runtime';
import type { AlignedValue, UtxoOutput } from '@midnight-ntwrk/ledger-v8';
import type { ProofRequest } from '../proof-request.ts';
import { fresh, positive, type Random } from '../random.ts';
import { contextOf, type Standing, transcriptOf } from './execution.ts';
import type { Program } from './operations.ts';

export interface ContractCall extends Standing {
  contract: string;
  circuit: string;
  input: AlignedValue;
  output: AlignedValue;
  /** What the witness functions answer, in the order in which the circuit asks. */
  witnesses: AlignedValue[];
  /** What happens on the ledger. */
  program: Program;
  /** What users get in the same transaction: the ledger holds it against what the program says. */
  payments?: UtxoOutput[];
}

/** Tagged `midnight:proof-preimage:`. */
export const preimageOf = (call: ContractCall): Uint8Array =>
  proofDataIntoSerializedPreimage(
    call.input,
    call.output,
    transcriptOf(call.program, contextOf(call)),
    call.witnesses,
    call.circuit,
  );

/** The call on its own, outside any transaction: hence bound to a random number. */
export const requestOf = (call: ContractCall, random: Random = fresh): ProofRequest => ({
  keyLocation: call.circuit,
  preimage: preimageOf(call),
  bindingInput: positive(random, 32) % (maxField() + 1n),
});
