import { Logger } from '@aws-lambda-powertools/logger';
import type { Context, SQSEvent } from 'aws-lambda';
import { queueHandler } from '../../core/queue-handler.ts';
import { bringAll } from './bring-all.ts';
import { keysMessage } from './keys-message.ts';

const logger = new Logger({ serviceName: 'prefetch' });

const onMessages = queueHandler(logger, keysMessage(logger));
const onRequest = bringAll(logger);

/** Messages ask for the keys of a circuit, requests and the schedule for parameters and the built-in keys. */
export const handler = (event: SQSEvent | object, context: Context) =>
  'Records' in event ? onMessages(event, context) : onRequest(event, context);
