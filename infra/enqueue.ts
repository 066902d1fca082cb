import { Stack } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ProvingLane } from './lane.ts';

/** The environment that tells a function every lane's queue. */
export const queueUrlsOf = (lanes: ProvingLane[]): Record<string, string> => ({
  QUEUE_URLS: Stack.of(lanes[0] as ProvingLane).toJsonString(
    Object.fromEntries(lanes.map(({ lane, queue }) => [lane.name, queue.queueUrl])),
  ),
});

export function grantEnqueue(grantee: LambdaFunction, lanes: ProvingLane[]): void {
  for (const { queue } of lanes) queue.grantSendMessages(grantee);
}
