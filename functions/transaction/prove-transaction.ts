import { NightshiftError } from '../../core/errors.ts';
import type { Ending } from '../../core/jobs/end.ts';
import type { TransactionJob } from '../../core/jobs/job.ts';
import { Ledger, type Provider } from './ledger.ts';
import { PartFailedError, Parts } from './parts.ts';

/** Tagged `proof-versioned`: a proof of version 2 without content. */
const PLACEHOLDER = Buffer.from('midnight:proof-versioned:\x01\x00', 'latin1');

/**
 * Proves a transaction: each of its proofs is a job of its own, and they run side by side. The ledger package says which
 * proofs there are, and puts them in.
 *
 * @param unproven tagged unproven transaction
 * @returns how the transaction's job ends; when a part fails, the others have been cancelled.
 * @throws what another attempt may mend; TIMEOUT when `signal` aborts.
 */
export async function proveTransaction(
  job: TransactionJob,
  unproven: Uint8Array,
  signal: AbortSignal,
): Promise<Ending> {
  const parts = new Parts(job, signal);
  await using ledger = new Ledger();
  try {
    // The package proves an offer, then an intent: asked once for all, the proofs would be made in groups.
    await ledger.prove(unproven, starting(parts));
    await parts.all();
    const result = await ledger.prove(unproven, (request) => parts.run(request));
    return { state: 'succeeded', result: new Uint8Array(result), parts: parts.jobIds };
  } catch (error) {
    // Of a part that fails, the package says no more than that.
    const failure = parts.failure ?? error;
    if (!isFinal(failure)) throw failure;
    if (signal.aborted) {
      await parts.cancel('Its transaction was given up.');
      // Why, the attempt knows.
      throw failure;
    }
    await parts.cancel('Another proof of the transaction failed.');
    return { state: 'failed', error: { code: failure.code, message: failure.message } };
  }
}

/** Starts the proofs and waits for none: what is proven with it is no transaction, but its parts are the ones to come. */
const starting =
  (parts: Parts): Provider =>
  async (request) => {
    if (request.operation === 'check') return parts.run(request);
    await parts.begin(request);
    return PLACEHOLDER;
  };

/** A part that has ended has had its attempts. */
const isFinal = (failure: unknown): failure is NightshiftError =>
  failure instanceof PartFailedError || (failure instanceof NightshiftError && failure.code !== 'INTERNAL');
