/** What the drop-ins for Midnight's packages share. */
import { type ProvingProvider, parseCheckResult } from '@midnight-ntwrk/ledger-v8';
import { unlessAborted } from './abort.ts';
import { attended } from './attended.ts';
import { NightshiftError } from './error.ts';
import type { Nightshift } from './nightshift.ts';
import type { CallOptions } from './options.ts';
import type { JobRequest } from './requests.ts';

/** What every job gets. */
export type JobOptions = Pick<JobRequest, 'deadlineSeconds' | 'lane' | 'labels'>;

/** @param contractOf finds the contract that a circuit is in; asked for built-in circuits, too. It goes on if the signal aborts. */
export function provingByCircuit(
  nightshift: Nightshift,
  contractOf: (circuit: string) => Promise<string | undefined>,
  { signal, ...options }: JobOptions & CallOptions,
): ProvingProvider {
  return {
    async check(preimage, circuit) {
      const contract = await unlessAborted(contractOf(circuit), signal);
      const request: JobRequest = { ...options, operation: 'check', circuit, contract, preimage };
      const { id: jobId, error } = await attended(nightshift, request, { signal });
      if (error) throw new NightshiftError(error.code, error.message, { jobId });
      return parseCheckResult(await nightshift.result(jobId, { signal }));
    },
    async prove(preimage, circuit, bindingInput) {
      const contract = await unlessAborted(contractOf(circuit), signal);
      const { proof } = await nightshift.prove({ ...options, circuit, contract, preimage, bindingInput }, { signal });
      return proof;
    },
  };
}

/**
 * Uses a provider, and rejects with what it first rejected with, where the ledger has an Error of its own. Whatever else
 * the provider is at is given up then.
 *
 * @param providerUntil makes the provider, which gives up once that signal aborts
 */
export async function withFirstFailure<T>(
  use: (provider: ProvingProvider) => Promise<T>,
  providerUntil: (signal: AbortSignal) => ProvingProvider,
  signal?: AbortSignal,
): Promise<T> {
  const failure = new AbortController();
  const { check, prove } = providerUntil(signal ? AbortSignal.any([signal, failure.signal]) : failure.signal);
  const noted = async <A>(answer: Promise<A>): Promise<A> => {
    try {
      return await answer;
    } catch (error) {
      failure.abort(error);
      throw error;
    }
  };
  try {
    return await use({ check: (...asked) => noted(check(...asked)), prove: (...asked) => noted(prove(...asked)) });
  } catch (error) {
    throw failure.signal.aborted ? failure.signal.reason : error;
  }
}
