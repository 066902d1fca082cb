import { NightshiftError } from '../errors.ts';
import { admitJob, isLeftBehind, type NewJob, RecordTakenError, resumeJob } from './admit.ts';
import { idempotencyRecord, type KeyedRequest, madeBefore } from './idempotency.ts';
import { type Job, readJob } from './job.ts';

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
    if (isLeftBehind(earlier)) await resumeJob(earlier, (await read()).witness);
    return { job: earlier, isReplay: true };
  }
  try {
    return { job: await admitJob(await read(), ({ id }) => idempotencyRecord(request, id)), isReplay: false };
  } catch (error) {
    // The same request, at the same time, came first.
    if (error instanceof RecordTakenError) return admitOnce(request, read);
    throw error;
  }
}

async function jobMadeBefore(request: KeyedRequest): Promise<Job | undefined> {
  const id = await madeBefore(request);
  const job = id === undefined ? undefined : await readJob(request.tenant, id);
  if (id === undefined || job) return job;
  throw new NightshiftError('CONFLICT', `The job of this Idempotency-Key, ${id}, is gone. Choose another key.`);
}
