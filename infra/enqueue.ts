import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { LaneQueue } from './lane.ts';

/** The environment that tells a function every lane's queue. */
export const queueUrlsOf = (lanes: LaneQueue[]): Record<string, string> => ({
  QUEUE_URLS: Stack.of(lanes[0] as LaneQueue).toJsonString(
    Object.fromEntries(lanes.map(({ lane, queue }) => [lane.name, queue.queueUrl])),
  ),
});

/** Sending messages, and nothing else that is about queues. */
export function grantEnqueue(grantee: LambdaFunction, lanes: LaneQueue[]): void {
  const resources = lanes.map(({ queue }) => queue.queueArn);
  grantee.addToRolePolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources }));
}
