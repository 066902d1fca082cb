/** A transaction with one contract call in it. */
import {
  ChargedState,
  ContractCallPrototype,
  ContractDeploy,
  ContractOperation,
  ContractState,
  communicationCommitmentRandomness,
  Intent,
  type PreProof,
  PreTranscript,
  partitionTranscripts,
  Transaction,
  UnshieldedOffer,
  type ZswapOffer,
} from '@midnight-ntwrk/ledger-v8';
import { NETWORK, TestLedger } from '../test-ledger.ts';
import type { Unproven } from '../unproven.ts';
import type { ContractCall } from './contract-call.ts';
import { contextOf, transcriptOf } from './execution.ts';

/** A transaction that puts the contract on the ledger, in the state that the call expects. It has no proofs. */
export function unprovenDeploy({ circuit, state }: ContractCall, verifierKey: Uint8Array, ledger = new TestLedger()) {
  const operation = new ContractOperation();
  operation.verifierKey = verifierKey;
  const contract = new ContractState();
  contract.setOperation(circuit, operation);
  contract.data = new ChargedState(state);
  const deployment = new ContractDeploy(contract);
  const intent = Intent.new(expiry(ledger)).addDeploy(deployment);
  const transaction = Transaction.fromParts(NETWORK, undefined, undefined, intent);
  return { transaction, ledger, operation, address: deployment.address };
}

const expiry = (ledger: TestLedger) => new Date(ledger.time.getTime() + 60_000);

/**
 * Runs the call's program against its contract, and makes the transaction. The package draws the contract's address and
 * the randomness of commitments itself.
 *
 * @param offer coins that move in the same transaction.
 */
export function unprovenCall(call: ContractCall, verifierKey: Uint8Array, offer?: ZswapOffer<PreProof>): Unproven {
  const { transaction: deploy, ledger, operation, address } = unprovenDeploy(call, verifierKey);
  ledger.apply(deploy);
  if (call.balance) {
    // A contract can't be deployed with tokens.
    ledger.state = ledger.state.updateIndex(address, new ChargedState(call.state), call.balance);
  }
  const context = contextOf(call, address);
  const transcript = new PreTranscript(context, transcriptOf(call.program, context));
  const [transcripts] = partitionTranscripts([transcript], ledger.state.parameters);
  const [guaranteed, fallible] = transcripts ?? [];
  const prototype = new ContractCallPrototype(
    address,
    call.circuit,
    operation,
    guaranteed,
    fallible,
    call.witnesses,
    call.input,
    call.output,
    communicationCommitmentRandomness(),
    call.circuit,
  );
  const intent = Intent.new(expiry(ledger)).addCall(prototype);
  if (call.payments) {
    const paid = UnshieldedOffer.new([], call.payments, []);
    intent[fallible ? 'fallibleUnshieldedOffer' : 'guaranteedUnshieldedOffer'] = paid;
  }
  return { transaction: Transaction.fromParts(NETWORK, offer, undefined, intent), ledger };
}
