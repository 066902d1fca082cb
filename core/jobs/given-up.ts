/** How a job ends over which every attempt failed or died. */
import { MAX_ATTEMPTS } from '../limits.ts';
import type { Ending } from './end.ts';
import type { Job } from './job.ts';

/** Undefined as long as it may be tried again. */
export const outOfAttempts = (job: Job): Ending | undefined =>
  job.attempts >= MAX_ATTEMPTS ? givenUp(job) : undefined;

/** With the last cause that is known. */
export const givenUp = ({ attempts, lastError }: Job): Ending => ({
  state: 'failed',
  error: lastError ?? {
    code: 'INTERNAL',
    message: `Given up: none of ${attempts} attempts came back. Please submit again.`,
  },
});
