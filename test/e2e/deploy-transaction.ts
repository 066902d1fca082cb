/** A transaction that deploys a contract: it needs no proof. */
import { readFile } from 'node:fs/promises';
import {
  ChargedState,
  ContractDeploy,
  ContractOperation,
  ContractState,
  createProvingTransactionPayload,
  Intent,
  Transaction,
  type UnprovenTransaction,
} from '@midnight-ntwrk/ledger-v8';
import { fallibleCount } from '../generator/calls/fallible-count.ts';
import { verifierFile } from '../generator/keys.ts';
import { NETWORK } from '../generator/test-ledger.ts';

const HOUR_MS = 3_600_000;

/** The contract's address is random: no deployment is like another. */
export async function unprovenDeploy(): Promise<UnprovenTransaction> {
  const { circuit, state } = fallibleCount();
  const operation = new ContractOperation();
  operation.verifierKey = await readFile(await verifierFile(`fallible/${circuit}`));
  const contract = new ContractState();
  contract.setOperation(circuit, operation);
  contract.data = new ChargedState(state);
  const intent = Intent.new(new Date(Date.now() + HOUR_MS)).addDeploy(new ContractDeploy(contract));
  return Transaction.fromParts(NETWORK, undefined, undefined, intent);
}

/** The body of `/prove-tx` for it. */
export const proveTxBody = (transaction: UnprovenTransaction): Uint8Array =>
  createProvingTransactionPayload(transaction, new Map());
