import { randomUUID } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { LOCAL_TENANT, rowOfTenant } from '../../core/access/tenant.ts';
import { LANE_NAMES } from '../../core/lanes.ts';
import { INDEX, table } from '../../core/store/table.ts';
import { PROVER_EXECUTABLE } from '../../infra/prover-executable.ts';

const string = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' as const });
const keys = (partition: string, sort: string) => [
  { AttributeName: partition, KeyType: 'HASH' as const },
  { AttributeName: sort, KeyType: 'RANGE' as const },
];

/** What a function of a process of its own needs to be told of it. */
export function scratchEnvironment(): Record<string, string> {
  const aws = ['AWS_ENDPOINT_URL', 'AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
  const ours = ['TABLE_NAME', 'BUCKET_NAME', 'QUEUE_URLS', 'STACK_KEY_ARN'];
  return Object.fromEntries([...aws, ...ours].map((name) => [name, process.env[name] ?? '']));
}

/**
 * Makes a table, a bucket, a KMS key and lane queues that nobody else uses on the emulated AWS, and points this process's environment
 * at them: what imports core/ or functions/ afterwards works on these.
 */
export async function createScratch(endpoint: string): Promise<void> {
  const name = `scratch-${randomUUID()}`;
  const { partitionKey, sortKey, projected } = INDEX;
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    TABLE_NAME: name,
    BUCKET_NAME: name,
    PROVER_PATH: PROVER_EXECUTABLE,
    ARTIFACT_DIR: await mkdtemp(join(tmpdir(), 'nightshift-artifacts-')),
  });
  await new DynamoDBClient().send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['PK', 'SK', partitionKey, sortKey].map(string),
      KeySchema: keys('PK', 'SK'),
      GlobalSecondaryIndexes: [
        {
          IndexName: INDEX.name,
          KeySchema: keys(partitionKey, sortKey),
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: projected },
        },
      ],
    }),
  );
  await new S3Client({ forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: name }));
  const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
  const queueUrls = LANE_NAMES.map(async (lane) => {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `${name}-${lane}` }));
    return [lane, QueueUrl] as const;
  });
  process.env.QUEUE_URLS = JSON.stringify(Object.fromEntries(await Promise.all(queueUrls)));
  const { KeyMetadata } = await new KMSClient().send(new CreateKeyCommand());
  process.env.STACK_KEY_ARN = KeyMetadata?.Arn;
  const tenant = rowOfTenant({ id: LOCAL_TENANT, createdAt: new Date().toISOString(), limits: {} });
  await table.send(new PutCommand({ TableName: name, Item: tenant }));
}
