import { CostModel, type PreBinding, type PreProof, type SignatureEnabled, Transaction } from '@midnight-ntwrk/ledger';
import { NightshiftError } from '../../core/errors.ts';
import type { TransactionSuccess } from '../../core/jobs/end.ts';
import type { TransactionJob } from '../../core/jobs/job.ts';
import { Parts } from './parts.ts';
import { provingProvider, startingProvider } from './proving-providers.ts';

/**
 * Proves a transaction: each of its proofs is a job of its own, and they run side by side. The ledger package says which
 * proofs there are, and puts them in.
 *
 * @param unproven tagged `transaction[v9](signature[v1],proof-preimage,embedded-fr[v1])`, read and found good by the native
 *   prover: the package itself can be kept busy for very long by bytes made for that.
 * @returns the tagged proven transaction.
 * @throws NightshiftError as the first part failed; the others are cancelled by then.
 */
export async function proveTransaction(
  { id, tenant, circuits }: TransactionJob,
  unproven: Uint8Array,
  signal: AbortSignal,
): Promise<TransactionSuccess> {
  const parts = new Parts({ id, tenant, circuits }, signal);
  try {
    // The package proves an offer, then an intent: asked once for all, the proofs would be made in groups.
    await prove(unproven, startingProvider(parts));
    await parts.all();
    const proven = await prove(unproven, provingProvider(parts));
    return { state: 'succeeded', result: new Uint8Array(proven.serialize()), parts: parts.jobIds };
  } catch (error) {
    // The package wraps what its provider threw into an error of its own.
    const failure = parts.failure ?? new NightshiftError('INVALID_WITNESS', `It can't be proven: ${reasonOf(error)}`);
    if (failure instanceof NightshiftError) await parts.cancel('Another proof of the transaction failed.');
    throw failure;
  }
}

/** The cost model is the one that the reference takes. */
const prove = (unproven: Uint8Array, provider: ReturnType<typeof provingProvider>) =>
  Transaction.deserialize<SignatureEnabled, PreProof, PreBinding>(
    'signature',
    'pre-proof',
    'pre-binding',
    unproven,
  ).prove(provider, CostModel.initialCostModel());

/** The package's errors are strings in part. They name what is malformed, never a value. */
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
