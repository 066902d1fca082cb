/** A local stack as tests of faults see it: what it holds, and the queues of its lanes. */
import {
  type FunctionConfiguration,
  paginateListFunctions,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { LaneName } from '../../core/lanes.ts';
import type { Aws } from '../../local/aws.ts';
import { output } from '../../local/deployment.ts';
import { queuesOf } from '../../local/stack-queues.ts';
import type { Deployment } from './contents.ts';

export const stackDeployment = async (aws: Aws, outputs: Record<string, string>): Promise<Deployment> => ({
  table: DynamoDBDocumentClient.from(aws.dynamodb),
  s3: aws.s3,
  sqs: aws.sqs,
  tableName: output(outputs, 'TableName'),
  bucketName: output(outputs, 'BucketName'),
  queueUrls: await queuesOf(aws),
});

async function* functionsOf({ lambda }: Aws): AsyncGenerator<FunctionConfiguration> {
  for await (const { Functions = [] } of paginateListFunctions({ client: lambda }, {})) yield* Functions;
}

/** Has all functions call AWS there from now on. */
export async function callAwsAt(aws: Aws, url: string): Promise<void> {
  for await (const { FunctionName, Environment } of functionsOf(aws)) {
    const Variables = { ...Environment?.Variables, AWS_ENDPOINT_URL: url };
    await aws.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
  }
}

/** The URL of a lane's queue, as the functions are told it. */
export async function laneQueueUrl(aws: Aws, lane: LaneName): Promise<string> {
  for await (const { Environment } of functionsOf(aws)) {
    const url = JSON.parse(Environment?.Variables?.QUEUE_URLS ?? '{}')[lane];
    if (url) return url;
  }
  throw new Error(`no function knows the queue of lane ${lane}`);
}
