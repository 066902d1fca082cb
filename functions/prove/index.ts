import { Logger } from '@aws-lambda-powertools/logger';
import { claimJob } from '../../core/jobs/claim.ts';
import { endJob } from '../../core/jobs/end.ts';
import { queueHandler } from '../../core/queue-handler.ts';
import { jobIdOf, redeliverSoon } from '../../core/store/queues.ts';
import { attemptJob } from './attempt.ts';

const logger = new Logger({ serviceName: 'prove' });

export const handler = queueHandler(logger, async (message, context) => {
  const job = await claimJob(jobIdOf(message));
  if (!job) return logger.info('nothing left to do', { messageId: message.messageId });
  const ending = await attemptJob(job, context.getRemainingTimeInMillis()).catch(async (error) => {
    await redeliverSoon(message);
    throw error;
  });
  const ended = await endJob(job, ending);
  const { id: jobId, circuit, k, lane, attempts } = job;
  const outcome = ending.state === 'succeeded' ? ending.timings : ending.error;
  logger.info(ending.state, { jobId, circuit, k, lane, attempts, ended, ...outcome });
});
