import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { auditRecordsOf, timeOf } from '../../core/audit/from-stream.ts';
import { appendToAuditLog } from '../../core/audit/log.ts';

const logger = new Logger({ serviceName: 'audit' });

/** Writes what the table's stream tells of ended jobs, refused requests, tenants and keys into the audit log. */
export const handler = middy<DynamoDBStreamEvent, void>()
  // The event holds what jobs came to.
  .use(injectLambdaContext(logger, { logEvent: false }))
  .handler(async ({ Records }) => {
    const records = Records.flatMap(auditRecordsOf);
    if (records.length > 0) await appendToAuditLog(timeOf(Records[0]), nameOf(Records), records);
    logger.info('recorded', { records: records.length });
  });

/** What is delivered again has the same name. */
const nameOf = (records: DynamoDBStreamEvent['Records']): string => `${records[0]?.eventID}-${records.at(-1)?.eventID}`;
