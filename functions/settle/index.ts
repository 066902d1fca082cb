import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { endJob } from '../../core/jobs/end.ts';
import { hasEnded, LOCAL_TENANT, readJob } from '../../core/jobs/job.ts';
import { jobIdOf } from '../../core/store/queues.ts';

const logger = new Logger({ serviceName: 'settle' });
const processor = new BatchProcessor(EventType.SQS);

/** A message that no attempt could finish: its job ends as failed, so that nobody waits for ever. */
async function settleJob(message: SQSRecord): Promise<void> {
  const job = await readJob(LOCAL_TENANT, jobIdOf(message));
  if (!job || hasEnded(job)) return logger.info('nothing left to do', { messageId: message.messageId });
  const error = { code: 'INTERNAL' as const, message: `Given up after ${job.attempts} attempts. Please submit again.` };
  const ended = await endJob(job, { state: 'failed', error });
  if (!ended) throw new Error('the job changed meanwhile; look at it again');
  logger.warn('given up', { jobId: job.id, attempts: job.attempts });
}

export const handler = middy<SQSEvent>()
  .use(injectLambdaContext(logger))
  .handler((event, context) =>
    processPartialResponse(event, settleJob, processor, { context, throwOnFullBatchFailure: false }),
  );
