import { Logger } from '@aws-lambda-powertools/logger';
import { AttemptRunningError, claimJob, releaseJob } from '../../core/jobs/claim.ts';
import { endJob } from '../../core/jobs/end.ts';
import type { Job } from '../../core/jobs/job.ts';
import { queueHandler } from '../../core/queue-handler.ts';
import { jobIdOf, redeliverSoon } from '../../core/store/queues.ts';
import { attemptJob } from './attempt.ts';

const logger = new Logger({ serviceName: 'prove' });

export const handler = queueHandler(logger, async (message, context) => {
  const jobId = jobIdOf(message);
  logger.appendKeys({ jobId });
  let job: Job | undefined;
  try {
    job = await claimJob(jobId);
    if (!job) return logger.info('nothing left to do');
    const ending = await attemptJob(job, context.getRemainingTimeInMillis(), logger);
    const ended = await endJob(job, ending);
    const { circuit, k, lane, attempts } = job;
    const outcome = ending.state === 'succeeded' ? { timings: ending.timings } : { reason: ending.error };
    logger.info(ending.state, { circuit, k, lane, attempts, ended, ...outcome });
  } catch (error) {
    // Best effort: without it the message comes back after the queue's visibility time-out.
    if (!(error instanceof AttemptRunningError)) {
      await Promise.allSettled([job && releaseJob(job), redeliverSoon(message)]);
    }
    throw error;
  }
});
