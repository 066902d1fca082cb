import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { bucketName, queueUrls, tableName } from '../../core/config.ts';
import { table } from '../../core/store/table.ts';
import type { Deployment } from './contents.ts';

/** The scratch resources of a test, as a deployment. */
export const scratchDeployment = (): Deployment => ({
  table,
  s3: new S3Client({ forcePathStyle: true }),
  sqs: new SQSClient({ useQueueUrlAsEndpoint: false }),
  tableName: tableName(),
  bucketName: bucketName(),
  queueUrls: Object.values(queueUrls()),
});
