/** Nightshift as the prover of ledger-v8's transactions. */
import {
  CostModel,
  type PreBinding,
  type Proof,
  type ProvingProvider,
  type SignatureEnabled,
  type Transaction,
  type UnprovenTransaction,
} from '@midnight-ntwrk/ledger-v8';
import type { Nightshift } from './nightshift.ts';
import type { CallOptions } from './options.ts';
import { type JobOptions, provingByCircuit, withFirstFailure } from './proving.ts';

export interface ProvingOptions extends JobOptions, CallOptions {
  /** The registered contract whose circuits are called, if any are. */
  contract?: string;
}

/**
 * What `Transaction.prove` takes. Whatever it rejects with, the ledger makes an Error of its own of: `proveTransaction`
 * keeps the codes.
 */
export const provingProvider = (
  nightshift: Nightshift,
  { contract, ...options }: ProvingOptions = {},
): ProvingProvider => provingByCircuit(nightshift, async () => contract, options);

/**
 * Has the proofs of a transaction made side by side. If one fails or the signal aborts, the others are cancelled.
 *
 * @throws NightshiftError of the proof that failed first; the signal's reason.
 */
export const proveTransaction = (
  nightshift: Nightshift,
  transaction: UnprovenTransaction,
  { signal, ...options }: ProvingOptions = {},
): Promise<Transaction<SignatureEnabled, Proof, PreBinding>> =>
  withFirstFailure(
    (provider) => transaction.prove(provider, CostModel.initialCostModel()),
    (signal) => provingProvider(nightshift, { ...options, signal }),
    signal,
  );
