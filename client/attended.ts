/** Jobs that someone waits for: given up, they are cancelled, since nobody would have what they come to. */
import { unlessAborted } from './abort.ts';
import type { Job } from './answers.ts';
import { NightshiftError } from './error.ts';
import type { CallOptions, ProveOptions, SubmitOptions } from './options.ts';
import type { JobRequest } from './requests.ts';

/** Of `Nightshift`, what a job takes from its submission to its end. */
interface Jobs {
  submit(request: JobRequest, options: SubmitOptions): Promise<Job>;
  wait(job: Job, options: CallOptions): Promise<Job>;
  progress(job: Job, options: CallOptions): AsyncIterable<Job>;
  cancel(id: string, options: CallOptions): Promise<Job>;
}

/** As long as API Gateway lets an answer take. */
const CANCELLING_MS = 30_000;

/**
 * Cancels a job that nobody waits for any more.
 *
 * @param hurry gives it up
 */
export const cancelAbandoned = (jobs: Pick<Jobs, 'cancel'>, id: string, hurry?: AbortSignal): Promise<Job> => {
  const timeUp = AbortSignal.timeout(CANCELLING_MS);
  return jobs.cancel(id, { signal: hurry ? AbortSignal.any([timeUp, hurry]) : timeUp });
};

/**
 * Submits a job, and waits for its end. It is cancelled if the signal aborts or `onProgress` throws.
 *
 * @throws NightshiftError, which names the job; the signal's reason, at once; what `onProgress` throws.
 */
export async function attended(
  jobs: Jobs,
  request: JobRequest,
  { onProgress, ...options }: ProveOptions,
): Promise<Job> {
  const { signal } = options;
  signal?.throwIfAborted();
  const submission = jobs.submit(request, options);
  try {
    let job = await unlessAborted(submission, signal);
    if (onProgress) for await (job of jobs.progress(job, { signal })) onProgress(job);
    else job = await jobs.wait(job, { signal });
    return job;
  } catch (error) {
    const isGivenUp = signal?.aborted || !(error instanceof NightshiftError);
    // A submission that is on its way sees to its job itself.
    if (isGivenUp) submission.then((job) => cancelAbandoned(jobs, job.id)).catch(() => undefined);
    throw error;
  }
}
