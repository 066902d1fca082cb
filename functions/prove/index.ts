import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { claimJob } from '../../core/jobs/claim.ts';
import { endJob } from '../../core/jobs/end.ts';
import { jobIdOf } from '../../core/store/queues.ts';
import { attemptJob } from './attempt.ts';

const logger = new Logger({ serviceName: 'prove' });
const processor = new BatchProcessor(EventType.SQS);

async function proveJob(message: SQSRecord, { context }: { context: Context }): Promise<void> {
  const job = await claimJob(jobIdOf(message));
  if (!job) return logger.info('nothing left to do', { messageId: message.messageId });
  const ending = await attemptJob(job, context.getRemainingTimeInMillis());
  const ended = await endJob(job, ending);
  const { id: jobId, circuit, k, lane, attempts } = job;
  const outcome = ending.state === 'succeeded' ? ending.timings : ending.error;
  logger.info(ending.state, { jobId, circuit, k, lane, attempts, ended, ...outcome });
}

export const handler = middy<SQSEvent>()
  .use(injectLambdaContext(logger))
  .handler((event, context) =>
    processPartialResponse(event, proveJob, processor, { context, throwOnFullBatchFailure: false }),
  );
