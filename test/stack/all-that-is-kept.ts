/** All that a local stack keeps anywhere, byte for byte: to search it. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CloudWatchClient, paginateListMetrics } from '@aws-sdk/client-cloudwatch';
import {
  CloudWatchLogsClient,
  paginateDescribeLogGroups,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs';
import { paginateListTables } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListBucketsCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { ChangeMessageVisibilityCommand, paginateListQueues, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { type Aws, accessTo } from '../../local/aws.ts';

export interface Kept {
  /** Such as `row JOB#…`. */
  where: string;
  content: Buffer;
}

/** @param folder of the stack's state: what functions write to their disks, logs and dumps are below it. */
export async function* allThatIsKept(aws: Aws, endpoint: string, folder: string): AsyncGenerator<Kept> {
  yield* rows(aws);
  yield* messages(aws);
  yield* objects(aws);
  yield* logEvents(endpoint);
  yield* metrics(endpoint);
  yield* files(folder);
}

async function* rows({ dynamodb }: Aws): AsyncGenerator<Kept> {
  const table = DynamoDBDocumentClient.from(dynamodb);
  for await (const { TableNames = [] } of paginateListTables({ client: dynamodb }, {})) {
    for (const TableName of TableNames) {
      for await (const { Items = [] } of paginateScan({ client: table }, { TableName, ConsistentRead: true })) {
        for (const row of Items) yield { where: `row ${row.PK} ${row.SK}`, content: bytesOf(row) };
      }
    }
  }
}

/** With binary attributes as they are, beside all others as JSON. */
const bytesOf = (row: Record<string, unknown>): Buffer =>
  Buffer.concat([
    Buffer.from(JSON.stringify(row)),
    ...Object.values(row).flatMap((value) => (value instanceof Uint8Array ? [value] : [])),
  ]);

/** Up to ten of each queue, which are handed out again at once. */
async function* messages({ sqs }: Aws): AsyncGenerator<Kept> {
  for await (const { QueueUrls = [] } of paginateListQueues({ client: sqs }, {})) {
    for (const QueueUrl of QueueUrls) {
      const received = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          AttributeNames: ['All'],
          MessageAttributeNames: ['All'],
        }),
      );
      for (const { ReceiptHandle, ...message } of received.Messages ?? []) {
        await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
        yield { where: `message in ${QueueUrl.split('/').at(-1)}`, content: Buffer.from(JSON.stringify(message)) };
      }
    }
  }
}

async function* objects({ s3 }: Aws): AsyncGenerator<Kept> {
  const { Buckets = [] } = await s3.send(new ListBucketsCommand());
  for (const { Name: Bucket } of Buckets) {
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket })) {
      for (const { Key = '' } of Contents) {
        const found = await s3.send(new GetObjectCommand({ Bucket, Key })).catch(() => undefined);
        // It may have gone meanwhile.
        if (found?.Body)
          yield { where: `object ${Key}`, content: Buffer.from(await found.Body.transformToByteArray()) };
      }
    }
  }
}

async function* logEvents(endpoint: string): AsyncGenerator<Kept> {
  const client = new CloudWatchLogsClient(accessTo(endpoint));
  for await (const { logGroups = [] } of paginateDescribeLogGroups({ client }, {})) {
    for (const { logGroupName } of logGroups) {
      for await (const { events } of paginateFilterLogEvents({ client }, { logGroupName })) {
        yield { where: `log ${logGroupName}`, content: Buffer.from(JSON.stringify(events)) };
      }
    }
  }
}

async function* metrics(endpoint: string): AsyncGenerator<Kept> {
  for await (const { Metrics } of paginateListMetrics({ client: new CloudWatchClient(accessTo(endpoint)) }, {})) {
    yield { where: 'metrics', content: Buffer.from(JSON.stringify(Metrics)) };
  }
}

/** Our own code holds no witness, and there is much of it. */
const CODE = /\.(mjs|wasm|zip)$|nightshift-prover$/;

async function* files(folder: string): AsyncGenerator<Kept> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isFile() || CODE.test(path)) continue;
    const content = await readFile(path).catch(() => undefined);
    if (content) yield { where: `file ${path.slice(folder.length + 1)}`, content };
  }
}
