/** Proofs and checks by way of the jobs API, where no time-out of a gateway ends the wait. */
import { cancelAbandoned } from '../../client/attended.ts';
import type { Nightshift } from '../../client/index.ts';
import { warningHeader } from '../../core/contracts/development.ts';
import { failure, type Reply } from './reply.ts';

export interface Asked {
  /** Tagged. */
  body: Uint8Array;
  contract?: string;
  /** Aborts when nobody waits for the answer any more. */
  hangUp: AbortSignal;
  /** Is told the job's id as soon as there is one. */
  onJob: (id: string) => void;
}

/**
 * Waits for the job's end. If nobody waits with it any more, the job is cancelled.
 *
 * @throws NightshiftError of the client; the reason of `hangUp` if that aborts.
 */
export async function answerByJob(nightshift: Nightshift, { body, contract, hangUp, onJob }: Asked): Promise<Reply> {
  // Like the reference, the proxy says at once that there is no place in the queue.
  const submitted = await nightshift.submitTagged(body, { contract }, { signal: hangUp, failsWhenFull: true });
  onJob(submitted.id);
  try {
    const job = await nightshift.wait(submitted, { signal: hangUp });
    const headers = { 'x-job-id': job.id, ...warningHeader(job) };
    if (job.error) return failure(job.error, headers);
    const result = await nightshift.result(job, { signal: hangUp });
    return { status: 200, headers: { 'content-type': 'application/octet-stream', ...headers }, body: result };
  } catch (error) {
    if (hangUp.aborted) await cancelAbandoned(nightshift, submitted.id).catch(() => undefined);
    throw error;
  }
}
