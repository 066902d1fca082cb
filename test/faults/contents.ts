/** All that a deployment holds, to tell what a fault left behind. */
import { paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { expect, vi } from 'vitest';
import { WITNESS_PREFIX } from '../../core/store/objects.ts';
import type { Aws } from '../../local/aws.ts';
import { readBacklog } from '../../local/stack-queues.ts';

export interface Deployment {
  table: DynamoDBDocumentClient;
  s3: S3Client;
  sqs: SQSClient;
  tableName: string;
  bucketName: string;
  queueUrls: string[];
}

export interface Contents {
  rows: Record<string, unknown>[];
  /** Keys with the hashes of what lies there. */
  objects: string[];
  /** Of all queues together, those that are hidden included. */
  messages: number;
}

/** As the rows of refused requests begin. */
const REFUSED = 'REFUSED#';

export async function contentsOf(deployment: Deployment): Promise<Contents> {
  const { table, s3, sqs, tableName: TableName, bucketName: Bucket, queueUrls } = deployment;
  const rows: Contents['rows'] = [];
  for await (const { Items = [] } of paginateScan({ client: table }, { TableName, ConsistentRead: true })) {
    // Of who was refused, the audit log is to hear.
    rows.push(...Items.filter(({ SK }) => !`${SK}`.startsWith(REFUSED)));
  }
  const objects: string[] = [];
  for await (const { Contents: found = [] } of paginateListObjectsV2({ client: s3 }, { Bucket })) {
    objects.push(...found.map(({ Key, ETag }) => `${Key} ${ETag}`));
  }
  const { handedOut, waiting } = await readBacklog({ sqs } as Aws, queueUrls);
  return { rows: rows.sort(byKey), objects: objects.sort(), messages: handedOut + waiting };
}

/** What is there only while jobs are open. */
const leftOvers = ({ rows, objects, messages }: Contents) => ({
  openJobs: rows.filter(({ PK }) => `${PK}`.startsWith('OPEN#')).map(({ SK }) => SK),
  counts: rows
    .filter(({ PK, SK }) => /^(LANE|TENANT)#/.test(`${PK}`) && /^SHARD#/.test(`${SK}`))
    .filter(({ open, proving, jobs }) => open || proving || jobs),
  witnesses: objects.filter((object) => object.startsWith(WITNESS_PREFIX)),
  messages,
});

/** What `leftOvers` are once all jobs have ended. */
const NOTHING = { openJobs: [], counts: [], witnesses: [], messages: 0 };

/** Messages of jobs that have ended may be hidden for as long as a lease lasts, and be delivered once more. */
const SETTLED_MS = 60_000;

/** Waits up to a minute for what jobs that have ended leave behind to go, and expects it to. */
export const untilNothingIsLeft = (deployment: Deployment): Promise<void> =>
  vi.waitFor(async () => expect(leftOvers(await contentsOf(deployment))).toEqual(NOTHING), {
    timeout: SETTLED_MS,
    interval: 500,
  });

const keyIn = ({ PK, SK }: Record<string, unknown>): string => `${PK} ${SK}`;
const byKey = (a: Record<string, unknown>, b: Record<string, unknown>): number => (keyIn(a) < keyIn(b) ? -1 : 1);
