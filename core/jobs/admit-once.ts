import { NightshiftError } from '../errors.ts';
import { admitJob, isLeftBehind, type NewJob, RecordTakenError, resumeJob } from './admit.ts';
import { idempotencyRecord, type KeyedRequest, madeBefore } from './idempotency.ts';
import type { Job } from './job.ts';
import { waitForJob } from './wait.ts';

/** A job that is not in its queue so long after it was found was left behind. */
const ENQUEUED_WITHIN_MS = 2000;

/**
 * Admits a job, unless the same request did so before: then that one's job is the answer, also if its request broke off.
 *
 * @param read takes the request apart; not called if there is nothing to do with it.
 * @throws NightshiftError CONFLICT, and whatever `admitJob` and `read` refuse with.
 */
export async function admitOnce(
  request: KeyedRequest,
  read: () => Promise<NewJob>,
): Promise<{ job: Job; isReplay: boolean }> {
  const earlier = await jobMadeBefore(request);
  if (earlier) {
    if (isLeftBehind(earlier)) await resume(earlier, await read());
    return { job: earlier, isReplay: true };
  }
  try {
    const asked = { ...(await read()), idempotencyKey: request.key };
    return { job: await admitJob(asked, ({ id }) => idempotencyRecord(request, id)), isReplay: false };
  } catch (error) {
    // The same request, at the same time, came first.
    if (error instanceof RecordTakenError) return admitOnce(request, read);
    throw error;
  }
}

/** A witness that was sealed for another id does not open for this job: without its own, sweep ends it. */
async function resume(job: Job, { id = job.id, ...asked }: NewJob): Promise<void> {
  if (id === job.id) await resumeJob(job, asked);
}

async function jobMadeBefore(request: KeyedRequest): Promise<Job | undefined> {
  const id = await madeBefore(request);
  if (id === undefined) return undefined;
  // The request that admitted it may be storing its witness at this very moment.
  const timeUp = AbortSignal.timeout(ENQUEUED_WITHIN_MS);
  const job = await waitForJob(request.tenant, id, timeUp, (found) => !isLeftBehind(found));
  if (job) return job;
  throw new NightshiftError('CONFLICT', `The job of this Idempotency-Key, ${id}, is gone. Choose another key.`);
}
