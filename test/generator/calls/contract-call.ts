/** A contract call: what a circuit was given and what it did to the ledger, and the request to prove it. */
import { type AlignedValue, maxField, proofDataIntoSerializedPreimage } from '@midnight-ntwrk/compact-runtime';
import type { StateValue } from '@midnight-ntwrk/ledger-v8';
import type { ProofRequest } from '../proof-request.ts';
import { fresh, positive, type Random } from '../random.ts';
import { EMPTY } from '../values.ts';
import type { Program } from './operations.ts';

export interface ContractCall {
  contract: string;
  circuit: string;
  input: AlignedValue;
  /** The public transcript. */
  program: Program;
  /** A state of the contract in which the program runs. */
  state: StateValue;
}

/** The call on its own, outside any transaction: hence bound to a random number. */
export const requestOf = ({ circuit, input, program }: ContractCall, random: Random = fresh): ProofRequest => ({
  keyLocation: circuit,
  preimage: proofDataIntoSerializedPreimage(input, EMPTY, program, [], circuit),
  bindingInput: positive(random, 32) % (maxField() + 1n),
});
