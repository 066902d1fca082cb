/**
 * A table, a bucket and lane queues of a test's own on the emulated AWS, with the environment that points the code under
 * test at them: nobody else consumes the queues or moves the counts. Import it before anything from core/ or functions/.
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { inject } from 'vitest';

const name = `scratch-${randomUUID()}`;

Object.assign(process.env, {
  AWS_ENDPOINT_URL: inject('awsEndpoint'),
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  TABLE_NAME: name,
  BUCKET_NAME: name,
  ARTIFACT_DIR: await mkdtemp(join(tmpdir(), 'nightshift-artifacts-')),
  POWERTOOLS_LOG_LEVEL: 'SILENT',
});

const string = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' as const });
const keys = (partition: string, sort: string) => [
  { AttributeName: partition, KeyType: 'HASH' as const },
  { AttributeName: sort, KeyType: 'RANGE' as const },
];

await new DynamoDBClient().send(
  new CreateTableCommand({
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: ['PK', 'SK', 'GSI1PK', 'GSI1SK'].map(string),
    KeySchema: keys('PK', 'SK'),
    GlobalSecondaryIndexes: [
      { IndexName: 'GSI1', KeySchema: keys('GSI1PK', 'GSI1SK'), Projection: { ProjectionType: 'ALL' } },
    ],
  }),
);
await new S3Client({ forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: name }));

const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
const queueUrl = async (lane: string) =>
  [lane, (await sqs.send(new CreateQueueCommand({ QueueName: `${name}-${lane}` }))).QueueUrl] as const;
process.env.QUEUE_URLS = JSON.stringify(
  Object.fromEntries(await Promise.all(['small', 'medium', 'large'].map(queueUrl))),
);
