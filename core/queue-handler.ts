/** A Lambda behind a queue: each message succeeds or fails alone, and a failure is logged before it goes back. */
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';

/** @param handle throws if the message is to be delivered again. */
export function queueHandler(logger: Logger, handle: (message: SQSRecord, context: Context) => Promise<void>) {
  const processor = new BatchProcessor(EventType.SQS);
  const handleAndLog = (message: SQSRecord, context: Context) =>
    handle(message, context).catch((error: Error) => {
      logger.error('the message goes back to its queue', { messageId: message.messageId, error });
      throw error;
    });
  return middy<SQSEvent>()
    .use(injectLambdaContext(logger, { logEvent: false, resetKeys: true }))
    .handler((event, context) =>
      processPartialResponse(event, handleAndLog, processor, { context, throwOnFullBatchFailure: false }),
    );
}
