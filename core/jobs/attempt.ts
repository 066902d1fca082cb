import type { Logger } from '@aws-lambda-powertools/logger';
import { NightshiftError, publicError } from '../../core/errors.ts';
import type { Ending } from '../../core/jobs/end.ts';
import type { Job } from '../../core/jobs/job.ts';
import { runJob } from '../../core/jobs/run.ts';
import { MAX_ATTEMPTS } from '../../core/limits.ts';
import { nativeProver } from '../../core/prover/native-prover.ts';
import { getObject, objectOf } from '../../core/store/objects.ts';

/** Time kept back from the function's own, to write down how the job ended. */
const RESERVE_MS = 3000;

/**
 * One attempt at a claimed job.
 *
 * @param remainingMs what the invocation has left; the prover is killed before it runs out.
 * @param logger is told why an attempt failed, whatever comes of it.
 * @returns how the job ends.
 * @throws what another attempt may mend, as long as there is one.
 */
export async function attemptJob(job: Job, remainingMs: number, logger: Logger): Promise<Ending> {
  try {
    const witness = await getObject(objectOf.witness(job.id));
    if (!witness) throw new NightshiftError('INTERNAL', 'The witness of this job is gone. Please submit again.');
    return await runJob(job, witness, nativeProver(), AbortSignal.timeout(Math.max(remainingMs - RESERVE_MS, 0)));
  } catch (error) {
    const known = publicError(error);
    logger.warn('the attempt failed', { attempt: job.attempts, code: known.code, error: error as Error });
    if (known.code === 'INTERNAL' && job.attempts < MAX_ATTEMPTS) throw error;
    return { state: 'failed', error: known };
  }
}
