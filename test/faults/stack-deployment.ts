/** A local stack as tests of faults see it: what it holds, and the queues of its lanes. */
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { LaneName } from '../../core/lanes.ts';
import type { Aws } from '../../local/aws.ts';
import { output } from '../../local/deployment.ts';
import { queuesOf } from '../../local/stack-queues.ts';
import { functionsOf, setEnvironment } from '../stack/functions.ts';
import type { Deployment } from './contents.ts';

export const stackDeployment = async (aws: Aws, outputs: Record<string, string>): Promise<Deployment> => ({
  table: DynamoDBDocumentClient.from(aws.dynamodb),
  s3: aws.s3,
  sqs: aws.sqs,
  tableName: output(outputs, 'TableName'),
  bucketName: output(outputs, 'BucketName'),
  queueUrls: await queuesOf(aws),
});

/** Has all functions call AWS there from now on. */
export const callAwsAt = ({ lambda }: Aws, url: string): Promise<void> =>
  setEnvironment(lambda, { AWS_ENDPOINT_URL: url });

/** The URL of a lane's queue, as the functions are told it. */
export async function laneQueueUrl(aws: Aws, lane: LaneName): Promise<string> {
  for await (const { Environment } of functionsOf(aws.lambda)) {
    const url = JSON.parse(Environment?.Variables?.QUEUE_URLS ?? '{}')[lane];
    if (url) return url;
  }
  throw new Error(`no function knows the queue of lane ${lane}`);
}
