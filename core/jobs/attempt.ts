import type { Logger } from '@aws-lambda-powertools/logger';
import { NightshiftError, publicError } from '../errors.ts';
import { MAX_ATTEMPTS } from '../limits.ts';
import { ProverFailure } from '../prover/failures.ts';
import { openedFor } from '../sealing/at-rest.ts';
import { getObject, objectOf } from '../store/objects.ts';
import { timeLeft } from '../time-left.ts';
import { isPastDeadline, pastDeadline, untilDeadline } from './deadline.ts';
import type { Ending } from './end.ts';
import type { Job } from './job.ts';
import { laneOf } from './lane-of.ts';
import { holdJob } from './lease.ts';

/** What a worker does with a job. @param signal aborts when the time is up. @throws NightshiftError how the job fails. */
export type Work = (job: Job, witness: Uint8Array, signal: AbortSignal) => Promise<Ending>;

/** What of its lane's time an attempt has to have had for its time-out to be the last word. */
const WHOLE_TIME = 0.9;

/**
 * One attempt at a claimed job.
 *
 * @param hideMessage see `holdJob`
 * @param remainingMs what the invocation has left; the work is told to stop before it runs out.
 * @param logger is told why an attempt failed, whatever comes of it.
 * @returns how the job ends; undefined if it has been ended or taken over by others meanwhile.
 * @throws what another attempt may mend, as long as there is one.
 */
export async function attemptJob(
  job: Job,
  work: Work,
  hideMessage: () => Promise<void>,
  remainingMs: number,
  logger: Logger,
): Promise<Ending | undefined> {
  const over = new AbortController();
  const takenAway = holdJob(job, hideMessage, over.signal);
  const enough = AbortSignal.any([timeLeft(remainingMs), takenAway, ...untilDeadline(job)]);
  try {
    const stored = await getObject(objectOf.witness(job.id), enough);
    if (!stored) throw new NightshiftError('INTERNAL', 'The witness of this job is gone. Please submit again.');
    return await work(job, await openedFor(job, stored), enough);
  } catch (error) {
    if (takenAway.aborted) return undefined;
    if (isPastDeadline(job)) return pastDeadline(job);
    const known = publicError(error);
    logger.warn('the attempt failed', { attempt: job.attempts, code: known.code, error: error as Error });
    if (job.attempts < MAX_ATTEMPTS && mayBeMended(error, job, remainingMs)) throw error;
    return { state: 'failed', error: known };
  } finally {
    over.abort();
  }
}

/** Whether another attempt may do better. A proof that had its lane's time will not be quicker the next time. */
function mayBeMended(error: unknown, job: Job, remainingMs: number): boolean {
  if (error instanceof ProverFailure) return true;
  const { code } = publicError(error);
  const hadWholeTime = remainingMs >= laneOf(job).timeoutSeconds * 1000 * WHOLE_TIME;
  return code === 'INTERNAL' || (code === 'TIMEOUT' && !hadWholeTime);
}
