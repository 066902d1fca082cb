import { CostModel, Transaction } from '@midnight-ntwrk/ledger';
import { NightshiftError } from '../../core/errors.ts';
import type { TransactionSuccess } from '../../core/jobs/end.ts';
import type { TransactionJob } from '../../core/jobs/job.ts';
import { Parts } from './parts.ts';
import { provingProvider } from './proving-provider.ts';

/**
 * Proves a transaction: each of its proofs is a job of its own, and they run side by side. The ledger package says which
 * proofs there are, and puts them in.
 *
 * @param unproven tagged `transaction[v9](signature[v1],proof-preimage,embedded-fr[v1])`
 * @returns the tagged proven transaction.
 * @throws NightshiftError as the first part failed; the others are cancelled by then.
 */
export async function proveTransaction(
  job: TransactionJob,
  unproven: Uint8Array,
  signal: AbortSignal,
): Promise<TransactionSuccess> {
  const parts = new Parts(job, signal);
  try {
    const transaction = Transaction.deserialize('signature', 'pre-proof', 'pre-binding', unproven);
    // The reference takes this cost model, too.
    const proven = await transaction.prove(provingProvider(parts), CostModel.initialCostModel());
    const result = new Uint8Array(proven.serialize());
    return { state: 'succeeded', result, transactionHash: proven.transactionHash(), parts: parts.jobIds };
  } catch (error) {
    // The package wraps what its provider threw into an error of its own.
    const failure = parts.failure ?? new NightshiftError('INVALID_WITNESS', `It can't be proven: ${reasonOf(error)}`);
    if (failure instanceof NightshiftError) await parts.cancel('Another proof of the transaction failed.');
    throw failure;
  }
}

/** The package's errors are strings in part. They name what is malformed, never a value. */
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
